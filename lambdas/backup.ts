import type { Context } from 'aws-lambda'
import { runBackup } from '../lib/job/backup.ts'
import { runFunction } from './run-function.ts'

export const handler = async (event: unknown, context: Context): Promise<void> => {
  await runFunction('backup', event, runBackup, context)
}
