// One sweep of a fleet at a time, each slot once: two together would be twice as many guests on each server.
import { z } from 'zod'
import { hasCode } from '../../error.ts'
import { parseJson } from '../../parse-json.ts'
import { fleetKey } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'

const claim = z.object({ run: z.string(), by: z.string(), claimedAt: z.iso.datetime(), ended: z.boolean() })

/** Who has it: `by` is a machine's name or that of an execution, and the same for each try of its own. */
export type Claim = z.infer<typeof claim>

/** A sweep that takes longer is dead: the state machine ends it by then. */
export const SWEEP_LIFE_MS = 2 * 3_600_000

type Place = { store: Store; project: string }

/** Claims the sweep of that run for `by`; null: it has it, or had it already. Else who is at work, or has done the same run. Throws what the store throws. */
export async function claimSweep(
  place: Place,
  { run, by, now }: { run: string; by: string; now: Date },
): Promise<Claim | null> {
  const key = keyOf(place)
  const stored = await place.store.get(key)
  const parsed = claim.safeParse(stored === null ? undefined : parseJson(stored.body.toString('utf8')))
  const before = parsed.success ? parsed.data : null
  if (before !== null && before.run === run && before.by === by) return null
  const lives = before !== null && !before.ended && now.getTime() - Date.parse(before.claimedAt) < SWEEP_LIFE_MS
  if (before !== null && (before.run === run || lives)) return before
  const mine: Claim = { run, by, claimedAt: now.toISOString(), ended: false }
  try {
    await place.store.put(key, JSON.stringify(mine), stored === null ? 'absent' : { etag: stored.etag })
    return null
  } catch (error) {
    if (!hasCode(error, 'store.conflict')) throw error
    return await claimSweep(place, { run, by, now })
  }
}

/** Gives the sweep back. Throws what the store throws. */
export async function endSweep(place: Place, run: string): Promise<void> {
  const stored = await place.store.get(keyOf(place))
  const parsed = claim.safeParse(stored === null ? undefined : parseJson(stored.body.toString('utf8')))
  if (stored === null || !parsed.success || parsed.data.run !== run) return
  await place.store.put(keyOf(place), JSON.stringify({ ...parsed.data, ended: true }), { etag: stored.etag })
}

function keyOf({ project }: Place): string {
  return fleetKey(project, 'current.json')
}
