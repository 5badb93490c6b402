// Brings an archive back into a database, from a stream, without pg_restore.
import type pg from 'pg'
import { RaingaugeError } from '../error.ts'
import { withClient } from '../postgres/client.ts'
import { describeTarget, type Target } from '../postgres/target.ts'
import { archiveEvents } from './restore/archive-events.ts'
import { RestoreSession, type Restored } from './restore/restore-session.ts'
import { USER_RELATION } from './restore/sql/user-relation.ts'

export type RestoreOptions = {
  /** Also who owns what and who may do what; the roles must exist. Default false. */
  owners?: boolean
  /** Also into a database that holds tables already. Default false. */
  intoNonEmpty?: boolean
  signal?: AbortSignal | undefined
  /** Told the raw bytes so far. */
  progress?: (bytes: number) => void
}

/**
 * Restores a custom-format archive (raw bytes, front to back) into an empty database: what pg_restore would do, in its order, with
 * each table's rows in a transaction of their own. Tablespaces and planner statistics are left to the server. What fails is thrown as
 * `archive.restore` naming the entry, with what was restored before it left in place; `archive.corrupt` and `postgres.*` come through.
 */
export async function restoreArchive(
  source: AsyncIterable<Uint8Array>,
  target: Target,
  options: RestoreOptions = {},
): Promise<Restored> {
  return await withClient(
    target,
    'restoring',
    async (client) => {
      if (options.intoNonEmpty !== true) await refuseNonEmpty(client, target)
      const session = new RestoreSession(client, { owners: options.owners ?? false })
      try {
        for await (const event of archiveEvents(source)) {
          options.signal?.throwIfAborted()
          await session.take(event)
          if (event.kind === 'progress') options.progress?.(event.bytes)
        }
        return await session.finish()
      } finally {
        await session.cancel()
      }
    },
    // An index on a large table takes as long as it takes.
    { signal: options.signal, queryTimeoutMs: 0 },
  )
}

async function refuseNonEmpty(client: pg.Client, target: Target): Promise<void> {
  const { rows } = await client.query<{ name: string }>(USER_RELATION)
  const [relation] = rows
  if (relation === undefined) return
  throw new RaingaugeError('archive.restore', `${describeTarget(target)} is not empty: it holds ${relation.name}`, {
    remedy: 'restore into a new database',
  })
}
