import type { Context } from 'aws-lambda'
import { runCheck } from '../lib/job/check.ts'
import { runFunction } from './run-function.ts'

export const handler = async (event: unknown, context: Context): Promise<void> => {
  await runFunction('check', event, (job) => runCheck(job), context)
}
