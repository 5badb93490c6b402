// A sweep of a fleet in three steps, each of which may be done on another machine: list, look, tell.
import type { Fleet } from '../../config/fleet-config.ts'
import { RaingaugeError } from '../../error.ts'
import { stampOf } from '../../store/keys.ts'
import { chooseFolder } from '../choose-folder.ts'
import type { JobContext } from '../context.ts'
import { explain } from '../judge.ts'
import type { Edge } from '../open-context.ts'
import { baselineStore } from './baseline-store.ts'
import { openBatchMemory } from './batch-memory.ts'
import { checkTenant } from './check-tenant.ts'
import { claimSweep, type Claim } from './claim-sweep.ts'
import { itemsKey, readSweep, writeOutcomes, writeSweep, type Outcome } from './documents.ts'
import { planBatches } from './plan-batches.ts'
import { tenantReach } from './reach-tenant.ts'
import { readTenants } from './read-tenants.ts'
import type { Tenant } from './tenant.ts'

/** `from`: the place in the batch of the first database that is still to be looked at. */
export type BatchPlace = { run: string; batch: number; from: number }

export type SweepTools = { fleet: Fleet; context: JobContext; edge: Edge }

/** What is lost when whoever looks dies, and told as unknown. */
const MOST_AT_A_TIME = 100

/** A function ends at 15 minutes, and the longest look takes some. */
const MOST_MS = 5 * 60_000

/** The first step: reads the list and writes who looks at what. `held`: somebody else is at it, or has done this slot. */
export async function listStep(
  { fleet, context, edge }: SweepTools,
  { slot, by }: { slot: Date; by: string },
): Promise<{ held: Claim } | { held: null; run: string; key: string; batches: number[] }> {
  const { store, project, now } = context
  const run = stampOf(slot)
  const held = await claimSweep(context, { run, by, now: now() })
  if (held !== null) return { held }
  const batches = planBatches(await readTenants(fleet, context, edge), fleet)
  await writeSweep(context, { run, startedAt: now().toISOString(), batches })
  const key = itemsKey(project, run)
  const filled = batches.flatMap((names, batch) => (names.length === 0 ? [] : [batch]))
  const items = filled.map((batch): BatchPlace & { step: 'look' } => ({ step: 'look', run, batch, from: 0 }))
  await store.put(key, JSON.stringify(items))
  context.progress(`fleet: ${batches.flat().length} databases in ${filled.length} batches`)
  return { held: null, run, key, batches: filled }
}

/**
 * The second step: looks at the databases of a batch from there on, one after the other, for as long as there is time, and writes what it found.
 * `done` false: there are more, from the new place on. Throws what reading the list or the folder throws; what is wrong with one database is written down.
 */
export async function lookStep(tools: SweepTools, place: BatchPlace): Promise<BatchPlace & { done: boolean }> {
  const { fleet, context, edge } = tools
  const sweep = await readSweep(context, place.run)
  const names = sweep.batches[place.batch] ?? []
  const [tenants, folder, memory] = await Promise.all([
    readTenants(fleet, context, edge),
    chooseFolder(context),
    openBatchMemory(context.store, context.project, { batch: place.batch, names }),
  ])
  const rows = new Map(tenants.map((tenant) => [tenant.name, tenant]))
  const reach = tenantReach(fleet, edge)
  const baselines = baselineStore(context.store, context)
  const started = performance.now()
  const outcomes: Outcome[] = []
  for (const name of names.slice(place.from, place.from + MOST_AT_A_TIME)) {
    if (performance.now() - started > MOST_MS) break
    const store = memory.storeFor(name, baselines.store)
    try {
      outcomes.push(
        await checkTenant(rows.get(name) ?? gone(name), reach, folder, { ...context, store, progress: () => {} }),
      )
    } finally {
      await baselines.settle()
    }
  }
  await writeOutcomes(context, place, outcomes)
  await memory.keep()
  const from = place.from + outcomes.length
  context.progress(`fleet: ${from} of ${names.length} databases of batch ${place.batch}`)
  return { ...place, from, done: from >= names.length }
}

/** Taken off the list since it was read. */
function gone(name: string): Tenant {
  return { name, database: '', server: '', fault: 'it is not in the list of the fleet any more' }
}

/** Does all batches from here, `atOnce` at a time. What hinders a whole batch is a problem of the sweep; its databases are unknown. */
export async function lookAtAll(tools: SweepTools, run: string, batches: readonly number[]): Promise<string[]> {
  const problems: string[] = []
  const waiting = [...batches]
  const work = async (): Promise<void> => {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      try {
        for (let place = { run, batch, from: 0, done: false }; !place.done;) place = await lookStep(tools, place)
      } catch (error) {
        tools.context.signal?.throwIfAborted()
        if (!(error instanceof RaingaugeError)) throw error
        problems.push(`batch ${batch} of the fleet: ${explain(error)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(tools.fleet.atOnce, batches.length) }, work))
  return problems
}
