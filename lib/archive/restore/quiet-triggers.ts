// Rows that come back are no news: triggers must not act on them, and foreign keys see only half of them.
import pg from 'pg'
import { RaingaugeError } from '../../error.ts'
import { describeTarget, type Target } from '../../postgres/target.ts'
import type { TocEntry } from '../format/toc-entry.ts'
import { qualified } from './entry-statements.ts'

/** Of the tables ($1, names as SQL wants them), one with a trigger that is on; foreign keys are triggers, too. */
const TABLE_WITH_TRIGGER = `
SELECT pg_catalog.format('%s', t.tgrelid::pg_catalog.regclass) AS name FROM pg_catalog.pg_trigger t
WHERE t.tgenabled OPERATOR(pg_catalog.<>) 'D' AND t.tgrelid OPERATOR(pg_catalog.=) ANY (
  SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest($1::pg_catalog.text[]) AS n)
LIMIT 1`

/**
 * Switches triggers and foreign keys off for this session, where the tables that are to be filled have any. Throws `archive.restore` for a
 * role that may not.
 */
export async function quietTriggers(client: pg.Client, target: Target, tables: readonly TocEntry[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(TABLE_WITH_TRIGGER, [tables.map(qualified)])
  const [found] = rows
  if (found === undefined) return
  try {
    await client.query('SET session_replication_role = replica')
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError) || cause.code !== '42501') throw cause
    throw new RaingaugeError(
      'archive.restore',
      `${found.name} at ${describeTarget(target)} has triggers or foreign keys, which ${target.user} may not switch off while rows come back`,
      {
        remedy: `run GRANT SET ON PARAMETER session_replication_role TO ${pg.escapeIdentifier(target.user)}, or restore definitions and rows together`,
        cause,
      },
    )
  }
}
