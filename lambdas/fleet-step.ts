// One step of a sweep, for whoever holds its tools: what the function does between its event and its answer.
import { RaingaugeError } from '../lib/error.ts'
import { listStep, lookStep, type SweepTools } from '../lib/job/fleet/sweep.ts'
import { tellStep } from '../lib/job/fleet/tell-sweep.ts'
import type { Run } from '../lib/run.ts'
import type { FleetEvent } from './parse-fleet-event.ts'

/** `prefix`: of the store in its bucket, since the state machine reads its items by their whole key. */
export type StepTools = SweepTools & { prefix: string; onTold?: (run: Run) => void }

/** Does the step, and says what the state machine goes on with. Throws what kept the step from being done: people were told before. */
export async function fleetStep(event: FleetEvent, tools: StepTools): Promise<Record<string, unknown>> {
  switch (event.step) {
    case 'list': {
      const slot = new Date(event.input.slot ?? event.startedAt)
      const listed = await listStep(tools, { slot, by: event.execution })
      if (listed.held === null) {
        const key = [tools.prefix, listed.key].filter(Boolean).join('/')
        return { held: false, run: listed.run, key, batches: listed.batches.length }
      }
      tools.context.progress(`fleet: left to ${listed.held.by}, which has it since ${listed.held.claimedAt}`)
      return { held: true, run: listed.held.run, key: '' }
    }
    case 'look': {
      const place = { run: event.run, batch: event.batch, from: event.from }
      return { step: 'look', ...(await lookStep(tools, place)) }
    }
    case 'tell': {
      const { run } = await tellStep(tools.context, event.input.run, hindrances(event.input.error))
      tools.onTold?.(run)
      refuseBlindness(run)
      return { ...run.fleet }
    }
    default:
      return event satisfies never
  }
}

function hindrances(error: { Error?: string | undefined; Cause?: string | undefined } | undefined): string[] {
  if (error === undefined) return []
  return [
    `the fleet was not wholly looked at: ${error.Error ?? 'unknown'}: ${(error.Cause ?? 'no cause').slice(0, 300)}`,
  ]
}

/** What is wrong with some databases was told, and is no failure of the sweep. */
function refuseBlindness({ fleet, problems }: Run): void {
  const blind = fleet !== undefined && fleet.unknown === fleet.databases
  const all = [...(blind ? ['no database of the fleet could be looked at'] : []), ...problems]
  if (all.length > 0) throw new RaingaugeError('run.failed', `fleet: ${all.join('; ')}`)
}
