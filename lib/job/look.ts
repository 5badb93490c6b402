// One look at one environment: its ledger and its catalog, of the same moment.
import { RaingaugeError } from '../error.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { readLedger } from '../ledger/read-ledger.ts'
import { renewSnapshot, withSnapshot } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import { readChangeToken } from '../schema/change-token.ts'
import { readLive, type Live } from '../schema/read-live.ts'
import type { JobContext, WatchedEnvironment } from './context.ts'
import type { Standing } from './standing.ts'

/** What tells whether anything moved. */
export type Glance = { ledger: Ledger; token: string }

export type Look = Glance & {
  environment: string
  target: Target
  /** The catalog, or an earlier full read that stands for it. */
  schema: { kind: 'read'; live: Live } | { kind: 'stands'; standing: Standing }
}

const TRIES = 3

/**
 * Reads ledger and change token in one snapshot. Where `findStanding` knows what they stand for, that is all; else the catalog is
 * read in the same snapshot, and then the ledger again: if it moved, a deploy is under way, and what was read may be half of it, so it is
 * read again. Throws `postgres.*`, `ledger.*`; `postgres.locked` when the ledger will not stand still.
 */
export async function lookAt(
  environment: WatchedEnvironment,
  context: JobContext,
  findStanding: (glance: Glance) => Promise<Standing | null>,
): Promise<Look> {
  const target = await environment.target()
  const { name } = environment
  const during = 'reading the catalog'
  context.progress(`${name}: ${during}`)
  return await withSnapshot(
    target,
    during,
    async (client) => {
      for (let tries = 0; tries < TRIES; tries++) {
        if (tries > 0) await renewSnapshot(client)
        const [ledger, token] = await Promise.all([readLedger(client, context.ledger), readChangeToken(client)])
        const glance = { ledger, token }
        const standing = await findStanding(glance)
        if (standing !== null) {
          context.progress(`${name}: nothing moved since ${standing.readAt}, so what was read then stands`)
          return { ...glance, environment: name, target, schema: { kind: 'stands', standing } }
        }
        const live = await readLive(client, ledger.name)
        const [, again] = await Promise.all([renewSnapshot(client), readLedger(client, ledger.name)])
        if (stateOf(ledger) === stateOf(again)) {
          return { ...glance, environment: name, target, schema: { kind: 'read', live } }
        }
        context.progress(`${name}: the ledger moved, ${during} again`)
      }
      throw new RaingaugeError('postgres.locked', `${name}: the ledger moved during each of ${TRIES} looks`, {
        remedy: 'a deploy is under way: the next run looks again',
      })
    },
    { signal: context.signal },
  )
}

function stateOf(ledger: Ledger): string {
  return JSON.stringify(ledger.rows.map((row) => [row.id, row.hash]))
}
