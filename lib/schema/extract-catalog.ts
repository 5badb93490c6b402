// Reads a whole catalog in one round trip. Needs no more than CONNECT: pg_catalog is open to every role.
import { createHash } from 'node:crypto'
import pg, { type QueryResult } from 'pg'
import { USUAL_LEDGERS, type LedgerName } from '../config/config.ts'
import type { Queryable } from '../postgres/client.ts'
import type { Catalog } from './catalog.ts'
import type { CatalogGroupQuery, CatalogQuery } from './sql/catalog-query.ts'
import { columns } from './sql/columns.ts'
import { compositeTypes } from './sql/composite-types.ts'
import { constraints } from './sql/constraints.ts'
import { domains } from './sql/domains.ts'
import { enums } from './sql/enums.ts'
import { extensions } from './sql/extensions.ts'
import { functions } from './sql/functions.ts'
import { HOME_OWNER } from './sql/home-owner.ts'
import { indexes } from './sql/indexes.ts'
import { policies } from './sql/policies.ts'
import { schemas } from './sql/schemas.ts'
import { sequences } from './sql/sequences.ts'
import { STRUCTURE_QUERIES } from './sql/structure-queries.ts'
import { SURROUNDING_QUERIES } from './sql/surrounding-queries.ts'
import { tables } from './sql/tables.ts'
import { triggers } from './sql/triggers.ts'
import { UNMODELLED, type UnmodelledRow } from './sql/unmodelled.ts'
import { views } from './sql/views.ts'
import { withoutLedgers } from './without-ledger.ts'

const QUERIES: readonly (CatalogQuery<never> | CatalogGroupQuery<never>)[] = [
  schemas,
  extensions,
  enums,
  domains,
  compositeTypes,
  sequences,
  tables,
  columns,
  constraints,
  indexes,
  views,
  functions,
  triggers,
  policies,
  ...STRUCTURE_QUERIES,
  ...SURROUNDING_QUERIES,
]

/** Count up when rows become other objects or facts: the statements themselves are hashed. */
const MODEL = 2

/** Changes whenever the same database would be read as another catalog: a stored one of another version is no use. */
export const EXTRACTOR_VERSION = createHash('sha256')
  .update(JSON.stringify([MODEL, UNMODELLED, ...QUERIES.map((query) => query.sql)]))
  .digest('hex')
  .slice(0, 16)

/** Constants in expressions and partition bounds are written by the session's settings, which roles and databases may have of their own.Compiling takes longer than any of these statements. */
const SETTINGS = `SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres';
  SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL quote_all_identifiers = off;
  SET LOCAL standard_conforming_strings = on; SET LOCAL lc_monetary = 'C'; SET LOCAL jit = off`

const SERVER = `SELECT pg_catalog.current_setting('server_version') AS version,
  (SELECT r.rolname FROM pg_catalog.pg_roles r WHERE r.oid = ${HOME_OWNER}) AS owner`

/**
 * The catalog as the caller's {@link withSnapshot} sees it: without what the server, extensions and temporary tables bring, and
 * without the ledger (null: without the usual ones). Throws what the query throws, such as a lock that was not given in time.
 */
export async function extractCatalog(client: Queryable, options: { ledger: LedgerName | null }): Promise<Catalog> {
  const ledgers = options.ledger === null ? USUAL_LEDGERS : [options.ledger]
  const names = pg.escapeLiteral(ledgers.map(({ schema, table }) => `${schema}.${table}`).join('\n'))
  const settings = `${SETTINGS}; SET LOCAL raingauge.ledgers = ${names}`
  const message = [settings, SERVER, UNMODELLED, ...QUERIES.map((query) => query.sql)].join(';\n')
  // Several statements in one message are answered with one result each, which the types do not know.
  const answers = (await client.query(message)) as unknown as QueryResult[]
  const [version, unmodelled, ...results] = answers.filter((answer) => answer.command === 'SELECT') as [
    QueryResult<{ version: string; owner: string | null }>,
    QueryResult<UnmodelledRow>,
    ...QueryResult<never>[],
  ]
  const objects = QUERIES.flatMap((query, index) => {
    const rows = results[index]?.rows ?? []
    return 'objects' in query ? query.objects(rows) : rows.map(query.object)
  })
  const owner = version.rows[0]?.owner ?? null
  return {
    serverVersion: version.rows[0]?.version ?? '',
    ...(owner === null ? {} : { owner }),
    objects: withoutLedgers(objects, ledgers),
    ...(unmodelled.rows.length === 0 ? {} : { unmodelled: unmodelled.rows }),
  }
}
