import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Context } from 'aws-lambda'
import type { FunctionJob } from '../lib/config/function-variables.ts'
import { doJob, type Work } from './do-job.ts'
import { functionLog } from './function-log.ts'
import { deadline } from './lambda-edge.ts'

/** Runs the job as one invocation of its function. Throws what {@link doJob} throws. */
export async function runFunction(job: FunctionJob, event: unknown, work: Work, lambda: Context): Promise<void> {
  const limits = { timeMs: lambda.getRemainingTimeInMillis(), storageBytes: roomOf(tmpdir()) }
  const log = functionLog(process.stdout, lambda.awsRequestId, job)
  using signal = deadline(lambda)
  await doJob(job, event, work, { ranIn: 'function', log, signal, limits })
}

/** What fits on the disk of the folder when it is empty, in bytes. */
function roomOf(folder: string): number {
  const { blocks, bsize } = statfsSync(folder)
  return blocks * bsize
}
