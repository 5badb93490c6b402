import { runBackup } from '../lib/job/backup.ts'
import { runTask } from './run-task.ts'

await runTask('backup', runBackup)
