import type { Context } from 'aws-lambda'
import { runPrune } from '../lib/job/prune.ts'
import { runFunction } from './run-function.ts'

export const handler = async (event: unknown, context: Context): Promise<void> => {
  await runFunction('prune', event, async (job) => (await runPrune(job)).run, context)
}
