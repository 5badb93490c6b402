// Runs one migration on scratch, whatever it thinks of transactions.
import pg from 'pg'
import { transactionEnd } from '../ledger/transaction-control.ts'
import { codeOf } from '../postgres/classify-error.ts'
import { aboutThisDatabase, anywhereAboutThisDatabase, rolesMade, withRolesThatExist } from './adapt-statement.ts'

/** A statement that the server refused. */
export class ReplayFailure extends Error {
  override readonly name = 'ReplayFailure'
  override readonly cause: pg.DatabaseError
  /** Counted from 1, as Drizzle splits. */
  readonly statement: number
  /** False where the migration had already committed a part of itself. */
  readonly undone: boolean

  constructor(cause: pg.DatabaseError, statement: number, undone: boolean) {
    super(cause.message)
    this.cause = cause
    this.statement = statement
    this.undone = undone
  }
}

/** Sends one of Drizzle's chunks. */
export type Send = (client: pg.Client, statement: string) => Promise<void>

// Manual, appendix A.
const ACTIVE_TRANSACTION = '25001'
const UNSAFE_NEW_ENUM_VALUE = '55P04'
/** duplicate_object: a role that is there; invalid_catalog_name: the database is called otherwise. */
const OTHERWISE_THERE = ['42710', '3D000']

/** Runs the statements in one transaction; without one, or in a session like `fresh` makes it, where it fails like that. Throws {@link ReplayFailure}. */
export async function runMigration(
  client: pg.Client,
  statements: readonly string[],
  { fresh, sendChunk = send }: { fresh: (client: pg.Client) => Promise<void>; sendChunk?: Send | undefined },
): Promise<void> {
  try {
    await inTransaction(client, statements, sendChunk)
  } catch (error) {
    if (!(error instanceof ReplayFailure) || !error.undone) throw error
    if (error.cause.code === ACTIVE_TRANSACTION || error.cause.code === UNSAFE_NEW_ENUM_VALUE) {
      await oneByOne(client, statements)
    } else {
      // What an earlier migration set (an emptied search_path, say) was gone when this one was deployed on another day.
      await fresh(client)
      await inTransaction(client, statements, sendChunk)
    }
  }
}

async function inTransaction(client: pg.Client, statements: readonly string[], sendChunk: Send): Promise<void> {
  await client.query('BEGIN')
  try {
    await runStatements(client, statements, sendChunk)
  } catch (error) {
    if (error instanceof ReplayFailure) await client.query('ROLLBACK')
    throw error
  }
  if (client.getTransactionStatus() === 'T') await client.query('COMMIT')
}

/** Runs the statements in the transaction that is open, or without one where none is. Throws {@link ReplayFailure}. */
export async function runStatements(
  client: pg.Client,
  statements: readonly string[],
  sendChunk: Send = send,
): Promise<void> {
  let committed = false
  for (const [index, statement] of statements.entries()) {
    committed ||= transactionEnd(statement) !== null
    try {
      await sendChunk(client, statement)
    } catch (error) {
      throw error instanceof pg.DatabaseError ? new ReplayFailure(error, index + 1, !committed) : error
    }
  }
}

async function oneByOne(client: pg.Client, statements: readonly string[]): Promise<void> {
  for (const [index, statement] of statements.entries()) {
    try {
      await send(client, statement).catch(async (error: unknown) => {
        // Several statements in one message are a transaction too. Nobody else is here to be kept from writing.
        const concurrently = /\bINDEX\s+CONCURRENTLY\b/gi
        if (codeOf(error) !== ACTIVE_TRANSACTION || !concurrently.test(statement)) throw error
        await send(client, statement.replaceAll(concurrently, 'INDEX'))
      })
    } catch (error) {
      throw error instanceof pg.DatabaseError ? new ReplayFailure(error, index + 1, false) : error
    }
  }
}

/** Sends one of Drizzle's chunks as it is, or so that it means the same on scratch. */
export async function send(client: pg.Client, statement: string): Promise<void> {
  const database = pg.escapeIdentifier(client.database ?? '')
  const here = aboutThisDatabase(statement, database)
  const other = anywhereAboutThisDatabase(withRolesThatExist(here, await rolesThere(client, here)), database)
  if (other === here) {
    await client.query(here)
    return
  }
  const saved = client.getTransactionStatus() === 'T' && transactionEnd(here) === null
  if (saved) await client.query('SAVEPOINT raingauge_chunk')
  try {
    await client.query(here)
  } catch (error) {
    if (!OTHERWISE_THERE.includes(codeOf(error) ?? '')) throw error
    if (saved) await client.query('ROLLBACK TO raingauge_chunk')
    await client.query(other)
  }
  if (saved) await client.query('RELEASE raingauge_chunk')
}

/** Roles outlive the databases of a server, so one that a migration makes may be there. */
async function rolesThere(client: pg.Client, statement: string): Promise<ReadonlySet<string>> {
  const names = rolesMade(statement)
  if (names.length === 0) return new Set()
  const { rows } = await client.query<{ rolname: string }>(
    'SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = ANY ($1)',
    [names],
  )
  return new Set(rows.map((row) => row.rolname))
}
