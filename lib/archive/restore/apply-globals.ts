// Roles and settings of globals.sql, on the server that a restore goes to: what is there already is left as it is.
import pg from 'pg'
import { RaingaugeError } from '../../error.ts'
import { describeTarget, type Target } from '../../postgres/target.ts'
import { forDatabase } from '../globals/globals-file.ts'
import type { GlobalStatement } from '../globals/globals.ts'

/**
 * Runs the statements, each for itself, with the settings of the archive's database given to the target's. Tablespaces are left to the
 * server, as everywhere in a restore. Throws `archive.restore` naming what could not be made.
 */
export async function applyGlobals(
  client: pg.Client,
  target: Target,
  statements: readonly GlobalStatement[],
): Promise<void> {
  for (const statement of statements) {
    if (statement.kind === 'tablespace') continue
    const { kind, name, sql } = forDatabase(statement, target.database)
    try {
      await client.query(sql)
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      throw new RaingaugeError(
        'archive.restore',
        `globals.sql at ${describeTarget(target)}: ${kind} of ${name}: ${error.message}`,
        { remedy: 'restore without --globals, or as a role that may make roles', cause: error },
      )
    }
  }
}
