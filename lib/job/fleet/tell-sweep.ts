// The last step of a sweep: all that was found becomes one run, told once.
import { hasCode } from '../../error.ts'
import type { Run } from '../../run.ts'
import type { JobContext } from '../context.ts'
import { explain } from '../judge.ts'
import { tell, type Told } from '../tell.ts'
import { endSweep } from './claim-sweep.ts'
import {
  readFleetStanding,
  readOutcomes,
  readSweep,
  fleetStandingKey,
  writeFleetStanding,
  type FleetStanding,
} from './documents.ts'
import { summarise } from './summarise.ts'

/**
 * Sums up the sweep, tells what is new, and keeps what stands. `problems`: what hindered it as a whole. A database of which nothing was written
 * is unknown. Throws what reading the sweep throws.
 */
export async function tellStep(context: JobContext, run: string, problems: readonly string[] = []): Promise<Told> {
  const sweep = await readSweep(context, run)
  const hindrances = [...problems]
  const before = await readLast(context, hindrances)
  const { counts, verdicts, standing, notes } = summarise(sweep, await readOutcomes(context, run), before)
  await writeFleetStanding(context, standing)
  const document: Run = {
    raingauge: context.version,
    job: 'fleet',
    project: context.project,
    startedAt: sweep.startedAt,
    durationMs: Math.max(0, context.now().getTime() - Date.parse(sweep.startedAt)),
    verdicts,
    archives: [],
    ledgers: [],
    problems: hindrances,
    ...(notes.length === 0 ? {} : { notes }),
    fleet: { ...counts, document: context.store.locate(fleetStandingKey(context.project)) },
  }
  const told = await tell(document, context)
  await endSweep(context, run)
  return told
}

/** What cannot be read is put over: who could not be looked at this time then seems new the next. */
async function readLast(context: JobContext, problems: string[]): Promise<FleetStanding | null> {
  try {
    return await readFleetStanding(context)
  } catch (error) {
    if (!hasCode(error, 'store.corrupt')) throw error
    problems.push(explain(error))
    return null
  }
}
