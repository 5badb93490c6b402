import type { Context } from 'aws-lambda'
import { runDrill } from '../lib/job/drill.ts'
import { runFunction } from './run-function.ts'

export const handler = async (event: unknown, context: Context): Promise<void> => {
  await runFunction('drill', event, runDrill, context)
}
