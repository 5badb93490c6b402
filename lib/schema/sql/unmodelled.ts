import { CATALOGS, UNMODELLED_KINDS } from '../modelled.ts'

export type UnmodelledRow = { class: string; name: string }

/** The first object identifier that is not the server's own (access/transam.h, FirstNormalObjectId). */
const FIRST_OF_USERS = 16384

/** What every role may read of a catalog that not every role may read. */
const READABLE: Readonly<Record<string, string>> = {
  pg_user_mapping: `SELECT umid AS oid FROM pg_catalog.pg_user_mappings`,
  pg_subscription: `SELECT s.oid FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database b ON b.oid = s.subdbid
    WHERE b.datname = pg_catalog.current_database()`,
}

const probes = [
  ...Object.entries(CATALOGS).flatMap(([catalog, coverage]) => (coverage === 'unmodelled' ? [probe(catalog)] : [])),
  ...Object.entries(UNMODELLED_KINDS).map(([catalog, condition]) => probe(catalog, condition)),
]

/**
 * What people made that no other statement reads: in the catalogs and of the kinds that modelled.ts declares, and whatever stands in
 * pg_depend for a catalog that modelled.ts does not know, such as one that a later major brings. Named as the server names it
 * (`pg_identify_object`).
 */
export const UNMODELLED = `SELECT identity.type AS class, identity.identity AS name
   FROM (${probes.join('\n     UNION ALL ')}
     UNION ALL SELECT DISTINCT d.classid, d.objid FROM pg_catalog.pg_class k JOIN pg_catalog.pg_depend d ON d.classid = k.oid
       WHERE k.relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND k.relkind = 'r' AND d.objid >= ${FIRST_OF_USERS}
         AND k.relname NOT IN (${Object.keys(CATALOGS).map(quoted).join(', ')})
   ) found, LATERAL pg_catalog.pg_identify_object(found.classid, found.objid, 0) identity
   WHERE identity.identity IS NOT NULL AND COALESCE(identity.schema, '') !~ '^(pg_|information_schema$)'
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
       WHERE e.classid = found.classid AND e.objid = found.objid AND e.deptype = 'e')
   ORDER BY 1, 2`

function probe(catalog: string, condition = 'true'): string {
  const rows = READABLE[catalog] ?? `SELECT oid FROM pg_catalog.${catalog} WHERE (${condition})`
  return `SELECT 'pg_catalog.${catalog}'::pg_catalog.regclass::oid AS classid, o.oid AS objid FROM (${rows}) o WHERE o.oid >= ${FIRST_OF_USERS}`
}

function quoted(text: string): string {
  return `'${text}'`
}
