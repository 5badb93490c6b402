// Reads a whole catalog in one round trip. Needs no more than CONNECT: pg_catalog is open to every role.
import { createHash } from 'node:crypto'
import pg from 'pg'
import { USUAL_LEDGERS, type LedgerName } from '../config/config.ts'
import type { Queryable } from '../postgres/client.ts'
import type { Catalog, CatalogObject } from './catalog.ts'
import type { CatalogGroupQuery, CatalogQuery, Part } from './sql/catalog-query.ts'
import { columns } from './sql/columns.ts'
import { compositeTypes } from './sql/composite-types.ts'
import { constraints } from './sql/constraints.ts'
import { domains } from './sql/domains.ts'
import { enums } from './sql/enums.ts'
import { extensions } from './sql/extensions.ts'
import { functions } from './sql/functions.ts'
import { FIND_HOME_OWNER, HOME_OWNER } from './sql/home-owner.ts'
import { indexes } from './sql/indexes.ts'
import { COMMENTS, lookupOf, RELATIONS } from './sql/lookup.ts'
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

type Query = CatalogQuery<never> | CatalogGroupQuery<never, never[][]>

const QUERIES: readonly Query[] = [
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
const MODEL = 4

/** Changes whenever the same database would be read as another catalog: a stored one of another version is no use. */
export const EXTRACTOR_VERSION = createHash('sha256')
  .update(
    JSON.stringify([
      MODEL,
      FIND_HOME_OWNER,
      UNMODELLED,
      RELATIONS,
      COMMENTS,
      ...QUERIES.map(({ sql, inUse, ...query }) => [sql, inUse, 'parts' in query && query.parts]),
    ]),
  )
  .digest('hex')
  .slice(0, 16)

/**
 * Constants in expressions and partition bounds are written by the session's settings, which roles and databases may have of their own. Compiling takes longer
 * than any of these statements.
 */
const SETTINGS = `SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres';
  SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL quote_all_identifiers = off;
  SET LOCAL standard_conforming_strings = on; SET LOCAL lc_monetary = 'C'; SET LOCAL jit = off`

/** What tells whether a kind that few databases have is there at all. */
const CONDITIONS = [
  ...new Set(
    QUERIES.flatMap((query) => [
      query.inUse ?? [],
      ...('parts' in query ? (query.parts ?? []) : []).map((part) => (typeof part === 'string' ? [] : part.inUse)),
    ]).flat(),
  ),
]

const SERVER = `SELECT pg_catalog.current_setting('server_version') AS version,
  (SELECT r.rolname FROM pg_catalog.pg_roles r WHERE r.oid = ${HOME_OWNER}) AS owner,
  ARRAY[${CONDITIONS.join(', ')}] AS "inUse"`

type ServerRow = { version: string; owner: string | null; inUse: boolean[] }

/**
 * The catalog as the caller's {@link withSnapshot} sees it: without what the server, extensions and temporary tables bring, and
 * without the ledger (null: without the usual ones). The rows of one statement become objects while the server looks for those of the next,
 * and what lives in a relation finds its names in one list of them ({@link RELATIONS}).
 * Throws what a query throws, such as a lock that was not given in time.
 */
export async function extractCatalog(client: Queryable, options: { ledger: LedgerName | null }): Promise<Catalog> {
  const ledgers = options.ledger === null ? USUAL_LEDGERS : [options.ledger]
  const names = pg.escapeLiteral(ledgers.map(({ schema, table }) => `${schema}.${table}`).join('\n'))
  const asked = new Map<string, Promise<never[]>>()
  const ask = async (sql: string): Promise<never[]> => {
    const answer = asked.get(sql) ?? client.query<never>(sql).then(({ rows }) => rows)
    asked.set(sql, answer)
    return await answer
  }
  const settings = client.query(`${SETTINGS}; SET LOCAL raingauge.ledgers = ${names}; ${FIND_HOME_OWNER}`)
  const server = client
    .query<ServerRow>(SERVER)
    .then(({ rows: [row] }) => row ?? { version: '', owner: null, inUse: [] })
  // The statements of what is there are asked for while the server is still at work on the others.
  const isThere = async (conditions: readonly string[]): Promise<boolean> => {
    const { inUse } = await server
    return conditions.some((each) => inUse[CONDITIONS.indexOf(each)] === true)
  }
  const askPart = async (part: Part): Promise<never[]> => {
    if (typeof part === 'string') return await ask(part)
    return (await isThere(part.inUse)) ? await ask(part.sql) : []
  }
  const lookup = Promise.all([ask(RELATIONS), ask(COMMENTS)]).then(([relations, comments]) =>
    lookupOf(relations, comments),
  )
  const read = async (query: Query): Promise<CatalogObject[]> => {
    if (query.inUse !== undefined && !(await isThere([query.inUse]))) return []
    const [rows, ...parts] = await Promise.all([
      ask(query.sql),
      ...('object' in query ? [] : (query.parts ?? [])).map(askPart),
    ])
    const known = await lookup
    return 'object' in query
      ? rows.flatMap((row) => query.object(row, known) ?? [])
      : query.objects(rows, known, ...parts)
  }
  const reads = QUERIES.map(read)
  const unmodelled = client.query<UnmodelledRow>(UNMODELLED)
  const [{ version, owner }, objects, { rows: odd }] = await Promise.all([
    server,
    Promise.all(reads),
    unmodelled,
    settings,
    lookup,
  ])
  return {
    serverVersion: version,
    ...(owner === null ? {} : { owner }),
    objects: withoutLedgers(objects.flat(), ledgers),
    ...(odd.length === 0 ? {} : { unmodelled: odd }),
  }
}
