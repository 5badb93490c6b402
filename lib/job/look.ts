// One look at one environment: its ledger and its catalog, of the same moment.
import { RaingaugeError } from '../error.ts'
import type { LedgerName } from '../config/config.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { readLedger } from '../ledger/read-ledger.ts'
import { withSnapshot } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import { readLive, type Live } from '../schema/read-live.ts'
import type { JobContext, WatchedEnvironment } from './context.ts'

export type Look = { environment: string; target: Target; ledger: Ledger; live: Live }

const TRIES = 3

/**
 * Reads ledger and catalog in one snapshot, then the ledger again: if it moved, a deploy is under way, and what was read may be
 * half of it, so it is read again. Throws `postgres.*`, `ledger.*`; `postgres.locked` when the ledger will not stand still.
 */
export async function lookAt(environment: WatchedEnvironment, context: JobContext): Promise<Look> {
  const target = await environment.target()
  const during = 'reading the catalog'
  for (let tries = 0; tries < TRIES; tries++) {
    context.progress(`${environment.name}: ${during}`)
    const look = await withSnapshot(
      target,
      during,
      async (client) => {
        const ledger = await readLedger(client, context.ledger)
        return { environment: environment.name, target, ledger, live: await readLive(client, ledger.name) }
      },
      { signal: context.signal },
    )
    if (stateOf(look.ledger) === stateOf(await readLedgerAgain(target, look.ledger.name, during, context))) return look
  }
  throw new RaingaugeError('postgres.locked', `${environment.name}: the ledger moved during each of ${TRIES} looks`, {
    remedy: 'a deploy is under way: the next run looks again',
  })
}

async function readLedgerAgain(target: Target, name: LedgerName, during: string, context: JobContext): Promise<Ledger> {
  return await withSnapshot(target, during, (client) => readLedger(client, name), { signal: context.signal })
}

function stateOf(ledger: Ledger): string {
  return JSON.stringify(ledger.rows.map((row) => [row.id, row.hash]))
}
