// When each job runs: per project, environment and job, as EventBridge Scheduler takes it (User Guide, "Schedule types").
import { z } from 'zod'
import { FUNCTION_JOBS, type FunctionJob } from './function-variables.ts'

/** One expression for every environment, or one each: those not named have the default, and null is never. */
export type JobSchedule = string | Record<string, string | null>

/** A check is one for the whole project, since it compares environments with each other. */
export type ScheduleConfig = { check?: string; backup?: JobSchedule; drill?: JobSchedule; prune?: JobSchedule }

/** `environment`: null for the whole project. */
export type Slot = { environment: string | null; expression: string }

export type Schedules = Readonly<Record<FunctionJob, readonly Slot[]>>

const DEFAULTS: Readonly<Record<FunctionJob, string>> = {
  check: 'rate(1 hour)',
  backup: 'cron(17 2 * * ? *)',
  drill: 'cron(17 4 ? * SUN *)',
  prune: 'cron(17 6 * * ? *)',
}

const text = z.string().min(1)
const jobSchedule = z.union([text, z.record(text, text.nullable())], {
  error: "must be an expression, or { production: 'an expression' }",
})

export const scheduleConfig = z.strictObject({
  check: text.exactOptional(),
  backup: jobSchedule.exactOptional(),
  drill: jobSchedule.exactOptional(),
  prune: jobSchedule.exactOptional(),
})

/** What is to run when. */
export function completeSchedules(written: ScheduleConfig, environments: readonly string[]): Schedules {
  const slots = (job: FunctionJob): Slot[] => {
    if (job === 'check') return [{ environment: null, expression: written.check ?? DEFAULTS.check }]
    const schedule = written[job] ?? DEFAULTS[job]
    return environments.flatMap((environment) => {
      const expression = typeof schedule === 'string' ? schedule : schedule[environment]
      return expression === null ? [] : [{ environment, expression: expression ?? DEFAULTS[job] }]
    })
  }
  return Object.fromEntries(FUNCTION_JOBS.map((job) => [job, slots(job)])) as unknown as Schedules
}

/** The environments that schedules name and that there are not, each with its place in the configuration. */
export function strangersIn(
  written: ScheduleConfig,
  environments: readonly string[],
): { place: string; environment: string }[] {
  return FUNCTION_JOBS.flatMap((job) => {
    const schedule = written[job]
    if (schedule === undefined || typeof schedule === 'string') return []
    const strangers = Object.keys(schedule).filter((environment) => !environments.includes(environment))
    return strangers.map((environment) => ({ place: `deploy.schedules.${job}`, environment }))
  })
}
