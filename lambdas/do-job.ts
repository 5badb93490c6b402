// The story of one run without anybody at a terminal: configure, do the job, tell of it, and throw when it was not done.
import { narrowTo } from '../lib/config/narrow.ts'
import type { FunctionJob } from '../lib/config/function-variables.ts'
import type { JobContext } from '../lib/job/context.ts'
import { withJobContext } from '../lib/job/open-context.ts'
import { tell } from '../lib/job/tell.ts'
import { emfLines, type RanIn } from '../lib/report/emf.ts'
import { exitStatus, type Run } from '../lib/run.ts'
import type { FunctionLog } from './function-log.ts'
import { lambdaEdge, readJobConfig } from './lambda-edge.ts'
import { logFailure } from './log-failure.ts'
import { parseEvent } from './parse-event.ts'
import { runFailure } from './run-failure.ts'

/** Beside the bundle lies what it works with. */
const ASSET = import.meta.dirname

export type Work = (context: JobContext, slot: Date | null) => Promise<Run>

export type Circumstances = {
  ranIn: RanIn
  log: FunctionLog
  signal: AbortSignal
  /** What a run may take at most here; absent: as much as it needs. */
  limits?: JobContext['limits']
}

/** Runs the job. Throws, without a secret in it, what kept the job from being done; findings alone do not throw. */
export async function doJob(job: FunctionJob, event: unknown, work: Work, circumstances: Circumstances): Promise<void> {
  const { ranIn, log, signal, limits } = circumstances
  try {
    const { slot, environment } = parseEvent(event)
    const whole = readJobConfig(process.env, ASSET)
    const config = environment === null ? whole : narrowTo(whole, environment, 'environment of the event')
    await withJobContext(config, { ...lambdaEdge(ASSET, signal, log), limits }, async (context) => {
      const { run } = await tell(await work(context, slot), context)
      log.metrics(emfLines(run, context.now(), ranIn))
      log.write('INFO', 'done', { status: exitStatus(run), durationMs: run.durationMs, archives: run.archives.length })
      const failure = runFailure(job, run)
      if (failure !== undefined) throw failure
    })
  } catch (error) {
    throw logFailure(error, log)
  }
}
