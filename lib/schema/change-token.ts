// Proves that no schema changed since the last look, without reading any: an hourly check of a quiet database costs next to nothing.
import { createHash } from 'node:crypto'
import type { QueryResult } from 'pg'
import type { Queryable } from '../postgres/client.ts'
import { CHANGE_TOKEN, SERVER } from './sql/change-token.ts'

/**
 * SHA-256, in hexadecimal, over every catalog row that can hold schema, which database and server it is, and who reads it. Equal tokens: the
 * catalog is read as it was then. Another token says only that it may not be: a restart, TRUNCATE, REINDEX, triggers that are switched off and
 * on again and the like move it too. Temporary tables, ANALYZE, VACUUM, sequences and ordinary writes do not. Use it inside one `withSnapshot`
 * with the reading that it is to stand for.
 */
export async function readChangeToken(client: Queryable): Promise<string> {
  // Compiling a statement takes longer than this one runs, and so does starting workers that share it.
  const settings = 'SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0'
  const answers = (await client.query(`${settings}; ${SERVER}; ${CHANGE_TOKEN}`)) as unknown as QueryResult[]
  return createHash('sha256')
    .update(JSON.stringify(answers.map(({ rows }) => rows as unknown[])))
    .digest('hex')
}
