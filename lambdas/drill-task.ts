import { runDrill } from '../lib/job/drill.ts'
import { runTask } from './run-task.ts'

await runTask('drill', runDrill)
