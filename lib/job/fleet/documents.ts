// What the steps of a sweep hand to each other, and one sweep to the next: documents in the store, read back by their schema.
import { z } from 'zod'
import { RaingaugeError } from '../../error.ts'
import { storedFinding } from '../../finding-schema.ts'
import { parseJson } from '../../parse-json.ts'
import { fleetKey, sweepPrefix } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'

/** What one look at one database found. `unknown`: why it could not look, or not wholly. */
const outcome = z.object({
  name: z.string(),
  /** Migrations in its ledger; null where that was not read. */
  applied: z.number().nullable(),
  findings: z.array(storedFinding),
  /** Findings beyond those that are kept. */
  more: z.number(),
  unknown: z.string().nullable(),
})

const sweep = z.object({
  run: z.string(),
  startedAt: z.iso.datetime(),
  /** Names, in the order in which they are looked at. */
  batches: z.array(z.array(z.string())),
})

const result = z.object({ outcomes: z.array(outcome) })

/** The last sweep of a fleet: every database that was not clean then, and what hindered the sweep. */
const standing = z.object({
  run: z.string(),
  startedAt: z.iso.datetime(),
  databases: z.number(),
  outcomes: z.array(outcome),
})

export type Outcome = z.infer<typeof outcome>
export type Sweep = z.infer<typeof sweep>
export type FleetStanding = z.infer<typeof standing>

type Place = { store: Store; project: string }

/** Writes who is looked at in which batch. Throws what the store throws. */
export async function writeSweep({ store, project }: Place, of: Sweep): Promise<void> {
  await store.put(`${sweepPrefix(project, of.run)}list.json`, JSON.stringify(of))
}

/** Throws `store.corrupt` where it is not there, or is something else. */
export async function readSweep({ store, project }: Place, run: string): Promise<Sweep> {
  const key = `${sweepPrefix(project, run)}list.json`
  return parse(sweep, (await store.get(key))?.body, store.locate(key))
}

/** Where the state machine reads its items, one for each batch. */
export function itemsKey(project: string, run: string): string {
  return `${sweepPrefix(project, run)}items.json`
}

/** What was found of a batch from its database `from` on: written anew where that part is looked at again. */
export async function writeOutcomes(
  { store, project }: Place,
  { run, batch, from }: { run: string; batch: number; from: number },
  outcomes: readonly Outcome[],
): Promise<void> {
  await store.put(`${sweepPrefix(project, run)}outcomes-${batch}-${from}.json`, JSON.stringify({ outcomes }))
}

/** All that was found in a sweep. Throws what the store throws. */
export async function readOutcomes({ store, project }: Place, run: string): Promise<Outcome[]> {
  const all: Outcome[] = []
  for await (const { key } of store.list(`${sweepPrefix(project, run)}outcomes-`)) {
    all.push(...parse(result, (await store.get(key))?.body, store.locate(key)).outcomes)
  }
  return all
}

/** Where a person finds every database by name that was not clean. */
export function fleetStandingKey(project: string): string {
  return fleetKey(project, 'last.json')
}

/** Throws what the store throws. */
export async function writeFleetStanding({ store, project }: Place, of: FleetStanding): Promise<void> {
  await store.put(fleetStandingKey(project), JSON.stringify(of))
}

/** The last sweep; null where there was none. Throws `store.corrupt` for something else. */
export async function readFleetStanding({ store, project }: Place): Promise<FleetStanding | null> {
  const key = fleetStandingKey(project)
  const stored = await store.get(key)
  return stored === null ? null : parse(standing, stored.body, store.locate(key))
}

function parse<T>(schema: z.ZodType<T>, body: Buffer | undefined, place: string): T {
  const parsed = schema.safeParse(body === undefined ? undefined : parseJson(body.toString('utf8')))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new RaingaugeError('store.corrupt', `${place}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, {
    remedy: 'another version wrote it, or it was removed: delete it, and the next sweep begins anew',
  })
}
