import { qualifiedName } from '../catalog.ts'
import { anyMade, commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'

type ConfigurationRow = { schema: string; name: string; parser: string; mappings: string[]; comment: string | null }

/** Text search configurations (pg_ts_config) with the dictionaries of each kind of token, in order. */
export const textSearchConfigurations: CatalogQuery<ConfigurationRow> = {
  inUse: anyMade('pg_ts_config'),
  sql: `SELECT n.nspname AS schema, c.cfgname AS name, comment.description AS comment,
     pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.prsname) AS parser,
     ARRAY(SELECT pg_catalog.quote_ident(token.alias) || ' WITH ' || pg_catalog.string_agg(
         pg_catalog.quote_ident(dn.nspname) || '.' || pg_catalog.quote_ident(d.dictname), ', ' ORDER BY m.mapseqno)
       FROM pg_catalog.pg_ts_config_map m JOIN pg_catalog.ts_token_type(c.cfgparser) token ON token.tokid = m.maptokentype
       JOIN pg_catalog.pg_ts_dict d ON d.oid = m.mapdict JOIN pg_catalog.pg_namespace dn ON dn.oid = d.dictnamespace
       WHERE m.mapcfg = c.oid GROUP BY token.tokid, token.alias ORDER BY token.tokid) AS mappings
   FROM pg_catalog.pg_ts_config c JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace ${commentOn('pg_ts_config', 'c.oid')}
   JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_ts_config', 'c.oid')}`,
  object: ({ schema, name, mappings, ...row }) => ({
    class: 'text search configuration',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts({ ...row, mappings: mappings.length > 0 && mappings }),
  }),
}
