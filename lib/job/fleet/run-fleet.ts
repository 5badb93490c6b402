// A whole sweep in one process, as a terminal wants it.
import { randomUUID } from 'node:crypto'
import { sweepPrefix } from '../../store/keys.ts'
import type { Told } from '../tell.ts'
import type { Claim } from './claim-sweep.ts'
import { listStep, lookAtAll, type SweepTools } from './sweep.ts'
import { tellStep } from './tell-sweep.ts'

/**
 * Looks at every database of the fleet and tells what is new; `held`: somebody else is at it. Throws what reading the list throws; what hinders
 * one database or one batch is told.
 */
export async function runFleet(tools: SweepTools): Promise<{ held: Claim; told: null } | { held: null; told: Told }> {
  const { context } = tools
  const listed = await listStep(tools, { slot: context.now(), by: `process ${process.pid} (${randomUUID()})` })
  if (listed.held !== null) return { held: listed.held, told: null }
  const problems = await lookAtAll(tools, listed.run, listed.batches)
  const told = await tellStep(context, listed.run, problems)
  // A bucket forgets sweeps by itself, a folder does not.
  for await (const { key } of context.store.list(sweepPrefix(context.project, listed.run)))
    await context.store.delete(key)
  return { held: null, told }
}
