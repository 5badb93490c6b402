// The story of one invocation: configure, do the job, tell of it, and throw when it was not done.
import type { Context } from 'aws-lambda'
import { narrowTo } from '../lib/config/narrow.ts'
import type { FunctionJob } from '../lib/config/function-variables.ts'
import { describeError, RaingaugeError } from '../lib/error.ts'
import type { JobContext } from '../lib/job/context.ts'
import { withJobContext } from '../lib/job/open-context.ts'
import { tell } from '../lib/job/tell.ts'
import { exitStatus, type Run } from '../lib/run.ts'
import { functionLog } from './function-log.ts'
import { deadline, lambdaEdge, readJobConfig } from './lambda-edge.ts'
import { parseEvent } from './parse-event.ts'
import { runFailure } from './run-failure.ts'

/** Beside the bundle lies what it works with. */
const ASSET = import.meta.dirname

/** Runs the job. Throws, without a secret in it, what kept the job from being done; findings alone do not throw. */
export async function runFunction(
  job: FunctionJob,
  event: unknown,
  work: (context: JobContext, slot: Date | null) => Promise<Run>,
  lambda: Context,
): Promise<void> {
  const log = functionLog(process.stdout, lambda.awsRequestId, job)
  using signal = deadline(lambda)
  try {
    const { slot, environment } = parseEvent(event)
    const whole = readJobConfig(process.env, ASSET)
    const config = environment === null ? whole : narrowTo(whole, environment, 'environment of the event')
    await withJobContext(config, lambdaEdge(ASSET, signal, log), async (context) => {
      const { run } = await tell(await work(context, slot), context)
      log.write('INFO', 'done', { status: exitStatus(run), durationMs: run.durationMs, archives: run.archives.length })
      const failure = runFailure(job, run)
      if (failure !== undefined) throw failure
    })
  } catch (error) {
    log.write('ERROR', describeError(error), error instanceof Error ? { stack: error.stack } : {})
    // Lambda prints what is thrown, cause and all; this has neither.
    throw new RaingaugeError(
      error instanceof RaingaugeError ? error.code : 'run.failed',
      log.redact(describeError(error)),
    )
  }
}
