// A restore does not mix what it brings with what is there, unless it is told to.
import type pg from 'pg'
import { RaingaugeError } from '../../error.ts'
import { describeTarget, type Target } from '../../postgres/target.ts'
import type { TocEntry } from '../format/toc-entry.ts'
import { qualified } from './entry-statements.ts'
import { USER_OBJECT } from './sql/user-object.ts'

const REMEDY = 'restore into a new database, or say --into-non-empty to add to what is there'

/** Throws `archive.restore` where a person made something in the database. */
export async function refuseNonEmpty(client: pg.Client, target: Target): Promise<void> {
  const { rows } = await client.query<{ name: string }>(USER_OBJECT)
  const [found] = rows
  if (found === undefined) return
  throw new RaingaugeError('archive.restore', `${describeTarget(target)} is not empty: it holds ${found.name}`, {
    remedy: REMEDY,
  })
}

/** Throws `archive.restore` where one of the tables that are to be filled has rows. Tables that are not there are told by the filling. */
export async function refuseFilledTables(
  client: pg.Client,
  target: Target,
  tables: readonly Pick<TocEntry, 'namespace' | 'tag'>[],
): Promise<void> {
  for (const table of tables) {
    const { rows: there } = await client.query<{ there: boolean }>(
      'SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there',
      [qualified(table)],
    )
    if (there[0]?.there !== true) continue
    const { rows } = await client.query(`SELECT FROM ONLY ${qualified(table)} LIMIT 1`)
    if (rows.length === 0) continue
    throw new RaingaugeError('archive.restore', `${qualified(table)} at ${describeTarget(target)} is not empty`, {
      remedy: REMEDY,
    })
  }
}
