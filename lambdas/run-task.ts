// A job as a task of ECS: what to do comes by environment variables, how it went goes by the exit status, and a signal ends it.
import { TASK_VARIABLES, type TaskJob } from '../lib/config/function-variables.ts'
import { RaingaugeError } from '../lib/error.ts'
import { doJob, type Work } from './do-job.ts'
import { functionLog } from './function-log.ts'

/** What is assumed where the stack does not say how many hours a task may take. */
const MOST_HOURS = 24

type Variables = Readonly<Record<string, string | undefined>>

/** Runs the job and leaves its exit status: 0, or 1 where it was not done, which it has logged then. */
export async function runTask(job: TaskJob, work: Work): Promise<void> {
  const log = functionLog(process.stdout, taskId(process.env), job)
  using signal = untilToldToStop(hoursOf(process.env))
  try {
    await doJob(job, eventOf(process.env), work, { ranIn: 'task', log, signal })
  } catch {
    // It is logged already, without a secret: the status says it to ECS.
    process.exitCode = 1
  }
}

/** The event that a function would get: see parse-event.ts. */
function eventOf(variables: Variables): Record<string, string> {
  const [slot, environment] = [variables[TASK_VARIABLES.slot], variables[TASK_VARIABLES.environment]]
  return { ...(slot ? { slot } : {}), ...(environment ? { environment } : {}) }
}

function hoursOf(variables: Variables): number {
  const hours = Number(variables[TASK_VARIABLES.hours] ?? MOST_HOURS)
  return hours > 0 ? hours : MOST_HOURS
}

/** ECS asks by SIGTERM and kills two minutes later, time enough to withdraw an upload; a task that hangs costs money for as long as nobody looks. */
function untilToldToStop(hours: number): AbortSignal & Disposable {
  const abort = new AbortController()
  const stop = (message: string, remedy: string): void =>
    abort.abort(new RaingaugeError('cancelled', message, { remedy }))
  const onSignal = (signal: NodeJS.Signals): void => stop(`stopped by ${signal}`, 'the reason is with the stopped task')
  const overdue = (): void =>
    stop(`out of time: stopped after ${hours} hours`, `raise ${TASK_VARIABLES.hours} of the task`)
  const timer = setTimeout(overdue, hours * 3_600_000)
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
  return Object.assign(abort.signal, {
    [Symbol.dispose]: () => {
      clearTimeout(timer)
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal)
    },
  })
}

/** The last part of the metadata address (ECS Developer Guide, "Task metadata endpoint version 4"): the container of this task. */
function taskId(variables: Variables): string {
  return variables['ECS_CONTAINER_METADATA_URI_V4']?.split('/').at(-1) ?? 'by hand'
}
