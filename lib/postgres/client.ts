// Connecting safely: bounded in time, told apart when it fails, read-only unless asked otherwise.
import pg from 'pg'
import type { RaingaugeError } from '../error.ts'
import { classifyPostgresError, codeOf } from './classify-error.ts'
import { passwordOf } from './password.ts'
import { allowsPlaintext, tlsOptions } from './tls.ts'
import type { Target } from './target.ts'

/** What the rooms need of a client: `pg.Client` fits. */
export type Queryable = Pick<pg.ClientBase, 'query'>

export type ConnectOptions = {
  /** Until the server is ready for the first query; milliseconds. */
  connectTimeoutMs?: number
  /** Until an answer to one query is complete, measured here, so that a silent server is noticed; milliseconds. */
  queryTimeoutMs?: number
  signal?: AbortSignal | undefined
  /** Sends a query without waiting for the answer to the one before. Not for COPY or cursors. */
  pipeline?: boolean
}

const CONNECT_TIMEOUT_MS = 10_000
const QUERY_TIMEOUT_MS = 60_000
const LOCK_TIMEOUT_MS = 5_000

/**
 * Lends a connected client to `use` and closes it in every case. What goes wrong on the way in, or in a query, is thrown
 * as `postgres.*`; an abort of `signal` cuts the connection. `during` says what it is for ("reading the ledger").
 */
export async function withClient<T>(
  target: Target,
  during: string,
  use: (client: pg.Client) => Promise<T>,
  options: ConnectOptions = {},
): Promise<T> {
  options.signal?.throwIfAborted()
  const client = await connect(target, during, options)
  // What ends a connection between two queries comes as an event, and the next query only says that it is gone.
  let lost: Error | undefined
  client.on('error', (error: Error) => {
    lost ??= error
  })
  const cut = () => client.connection.stream.destroy(new Error('Connection terminated: cancelled'))
  options.signal?.addEventListener('abort', cut, { once: true })
  try {
    // The abort may have come while connecting, when nobody listened yet.
    options.signal?.throwIfAborted()
    return await use(client)
  } catch (error) {
    options.signal?.throwIfAborted()
    if (lost !== undefined) throw classifyPostgresError(lost, target, during)
    throw error instanceof pg.DatabaseError || isConnectionError(error)
      ? classifyPostgresError(error, target, during)
      : error
  } finally {
    options.signal?.removeEventListener('abort', cut)
    await close(client)
  }
}

/**
 * Lends a client inside one `REPEATABLE READ READ ONLY` transaction with `search_path = ''` and short timeouts, always rolled
 * back: every read in it sees the same moment, and nothing can be written. It is set up and ended in the round trips of the first query and of the
 * goodbye; SET LOCAL also holds behind a transaction pooler. Queries that are not waited for one by one share a round trip.
 */
export async function withSnapshot<T>(
  target: Target,
  during: string,
  use: (client: pg.Client) => Promise<T>,
  options: ConnectOptions = {},
): Promise<T> {
  const queryTimeoutMs = options.queryTimeoutMs ?? QUERY_TIMEOUT_MS
  return await withClient(
    target,
    during,
    async (client) => {
      // Where it cannot begin, what follows finds a transaction that has failed, or no connection.
      const [, result] = await Promise.all([client.query(beginSnapshot(queryTimeoutMs)), use(client)])
      // What was read stands, even if the connection died since: its end rolls back just as well.
      client.query('ROLLBACK').catch(() => {})
      return result
    },
    { ...options, pipeline: true },
  )
}

/** Ends the snapshot of a client that {@link withSnapshot} lends and begins another, on the same connection: what was committed since is seen. */
export async function renewSnapshot(client: Queryable, queryTimeoutMs: number = QUERY_TIMEOUT_MS): Promise<void> {
  await client.query(`ROLLBACK; ${beginSnapshot(queryTimeoutMs)}`)
}

function beginSnapshot(queryTimeoutMs: number): string {
  return (
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; ` +
    `SET LOCAL statement_timeout = ${queryTimeoutMs}; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; ` +
    `SET LOCAL idle_in_transaction_session_timeout = 0`
  )
}

async function connect(target: Target, during: string, options: ConnectOptions): Promise<pg.Client> {
  try {
    return await open(target, tlsOptions(target), options)
  } catch (error) {
    if (allowsPlaintext(target) && error instanceof Error && /does not support SSL/.test(error.message)) {
      try {
        return await open(target, false, options)
      } catch (second) {
        throw failed(second)
      }
    }
    throw failed(error)
  }
  function failed(error: unknown): RaingaugeError {
    return classifyPostgresError(error, target, during)
  }
}

async function open(target: Target, ssl: ReturnType<typeof tlsOptions>, options: ConnectOptions): Promise<pg.Client> {
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    database: target.database,
    user: target.user,
    // node-postgres would look at PGPASSWORD and ~/.pgpass for an undefined one.
    password: async () => (await passwordOf(target))?.reveal() ?? '',
    ssl,
    application_name: 'raingauge',
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    query_timeout: options.queryTimeoutMs ?? QUERY_TIMEOUT_MS,
    keepAlive: true,
    pipeline: options.pipeline ?? false,
  })
  try {
    await client.connect()
    return client
  } catch (error) {
    await close(client)
    throw error
  }
}

/** Says goodbye, but does not wait for a server that no longer answers. */
async function close(client: pg.Client): Promise<void> {
  const ended = client.end().catch(() => {})
  // Right behind what is still to be answered: node-postgres would wait for that first.
  client.connection.end()
  const patience = setTimeout(() => client.connection.stream.destroy(), 1_000)
  await ended
  clearTimeout(patience)
}

/** Only what node-postgres itself throws: another library's error inside `use` is not the database's. */
function isConnectionError(error: unknown): boolean {
  return (
    ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(codeOf(error) ?? '') ||
    (error instanceof Error &&
      /^(?:Connection terminated|Client has encountered a connection error|Query read timeout|timeout exp)/i.test(
        error.message,
      ))
  )
}
