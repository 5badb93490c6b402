// Runs one migration on scratch, whatever it thinks of transactions.
import pg from 'pg'
import { transactionEnd } from '../ledger/transaction-control.ts'
import { codeOf } from '../postgres/classify-error.ts'

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

// Manual, appendix A.
const ACTIVE_TRANSACTION = '25001'
const UNSAFE_NEW_ENUM_VALUE = '55P04'

/** Runs the statements in one transaction; without one, or with the session's settings reset, where it fails like that. Throws {@link ReplayFailure}. */
export async function runMigration(client: pg.Client, statements: readonly string[]): Promise<void> {
  try {
    await inTransaction(client, statements)
  } catch (error) {
    if (!(error instanceof ReplayFailure) || !error.undone) throw error
    if (error.cause.code === ACTIVE_TRANSACTION || error.cause.code === UNSAFE_NEW_ENUM_VALUE) {
      await oneByOne(client, statements)
    } else {
      // What an earlier migration set (an emptied search_path, say) was gone when this one was deployed on another day.
      await client.query('RESET SESSION AUTHORIZATION; RESET ALL')
      await inTransaction(client, statements)
    }
  }
}

async function inTransaction(client: pg.Client, statements: readonly string[]): Promise<void> {
  await client.query('BEGIN')
  let committed = false
  for (const [index, statement] of statements.entries()) {
    committed ||= transactionEnd(statement) !== null
    try {
      await run(client, statement)
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      await client.query('ROLLBACK')
      throw new ReplayFailure(error, index + 1, !committed)
    }
  }
  if (client.getTransactionStatus() === 'T') await client.query('COMMIT')
}

async function oneByOne(client: pg.Client, statements: readonly string[]): Promise<void> {
  for (const [index, statement] of statements.entries()) {
    try {
      await run(client, statement).catch(async (error: unknown) => {
        // Several statements in one message are a transaction too. Nobody else is here to be kept from writing.
        const concurrently = /\bINDEX\s+CONCURRENTLY\b/gi
        if (codeOf(error) !== ACTIVE_TRANSACTION || !concurrently.test(statement)) throw error
        await run(client, statement.replaceAll(concurrently, 'INDEX'))
      })
    } catch (error) {
      throw error instanceof pg.DatabaseError ? new ReplayFailure(error, index + 1, false) : error
    }
  }
}

/** Sends one of Drizzle's chunks as it is. */
async function run(client: pg.Client, statement: string): Promise<void> {
  await client.query(await withRolesThatExist(client, statement))
}

/** Roles outlive the databases of a server, so one that a migration makes may be there: altering it comes to the same. */
async function withRolesThatExist(client: pg.Client, statement: string): Promise<string> {
  const creations = [...statement.matchAll(CREATE_ROLE)]
  if (creations.length === 0) return statement
  const names = creations.map(([, , name = '']) => roleName(name))
  const { rows } = await client.query<{ rolname: string }>(
    'SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = ANY ($1)',
    [names],
  )
  const there = new Set(rows.map((row) => row.rolname))
  return statement.replaceAll(CREATE_ROLE, (whole, kind: string, name: string) =>
    there.has(roleName(name)) ? `ALTER ${kind} ${name}` : whole,
  )
}

const CREATE_ROLE = /\bCREATE\s+(ROLE|USER|GROUP)\s+("(?:[^"]|"")+"|[a-z_][\w$]*)/gi

function roleName(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase()
}
