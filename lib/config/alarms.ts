// The alarms that watch the watchman, as data. Each tells whoever is woken which page to open.
import { FUNCTION_JOBS, type FunctionJob } from './function-variables.ts'

/** A CloudWatch alarm of the stack. */
export type Alarm = {
  /** Once in the catalogue. In the account, project and stack are added to it. */
  name: `Raingauge${string}`
  /** One line for the alarm's description. */
  title: string
  /** Path of the runbook in the repository. */
  runbook: `docs/runbooks/Raingauge${string}.md`
}

/**
 * `failing`: the job ran and threw. `silent`: it did not run at all when it should have. `near-timeout`: it took more than
 * {@link NEAR_TIMEOUT} of its time. `throttled`: it was refused a start.
 */
export const JOB_CONDITIONS = ['failing', 'silent', 'near-timeout', 'throttled'] as const

export type JobCondition = (typeof JOB_CONDITIONS)[number]

/** `dead-lettered`: slots lie in the dead-letter queue. `undelivered`: Scheduler cannot start what it should. */
export type DeliveryCondition = 'dead-lettered' | 'undelivered'

/** Share of the time limit at which there is still time to do something about it. */
export const NEAR_TIMEOUT = 0.8

const FAILING: Readonly<Record<FunctionJob, string>> = {
  check: 'The check ran and could not give an answer',
  backup: 'The backup ran and left no archive',
  drill: 'The drill ran and could not prove the newest archive',
  prune: 'The prune ran and could not remove what should go',
}

/** A prune that did not end or start loses nothing, and the next makes up for it: failing and silence tell of more than one. */
const NEEDLESS: readonly string[] = ['prune near-timeout', 'prune throttled']

/** Every job has all four, but for what is needless. What is to be done when time or room runs out is one page for all jobs. */
export const JOB_ALARMS: readonly (Alarm & { job: FunctionJob; condition: JobCondition })[] = FUNCTION_JOBS.flatMap(
  jobAlarms,
).filter(({ job, condition }) => !NEEDLESS.includes(`${job} ${condition}`))

/** Of the way from the schedule to the job: one of each for the whole stack. */
export const DELIVERY_ALARMS: readonly (Alarm & { condition: DeliveryCondition })[] = [
  {
    name: 'RaingaugeDeadLetters',
    condition: 'dead-lettered',
    title: 'Slots of a schedule were given up and lie in the dead-letter queue',
    runbook: pageOf('RaingaugeDeadLetters'),
  },
  {
    name: 'RaingaugeUndelivered',
    condition: 'undelivered',
    title: 'Scheduler could not start a job and tries again',
    runbook: pageOf('RaingaugeUndelivered'),
  },
]

/** One for each environment that has a backup. */
export const ARCHIVE_ALARM: Alarm = {
  name: 'RaingaugeArchiveStale',
  title: 'No check has seen a recent verified archive',
  runbook: pageOf('RaingaugeArchiveStale'),
}

export const ALARMS: readonly Alarm[] = [...JOB_ALARMS, ...DELIVERY_ALARMS, ARCHIVE_ALARM]

function pageOf(name: `Raingauge${string}`): Alarm['runbook'] {
  return `docs/runbooks/${name}.md`
}

function jobAlarms(job: FunctionJob): (Alarm & { job: FunctionJob; condition: JobCondition })[] {
  const name = `Raingauge${job.charAt(0).toUpperCase()}${job.slice(1)}` as const
  return [
    { name: `${name}Failing`, job, condition: 'failing', title: FAILING[job], runbook: pageOf(`${name}Failing`) },
    {
      name: `${name}Silent`,
      job,
      condition: 'silent',
      title: `The ${job} does not run any more`,
      runbook: pageOf(`${name}Silent`),
    },
    {
      name: `${name}NearTimeout`,
      job,
      condition: 'near-timeout',
      title: `The ${job} took more than ${NEAR_TIMEOUT * 100} % of the time it has`,
      runbook: pageOf('RaingaugeNearTimeout'),
    },
    {
      name: `${name}Throttled`,
      job,
      condition: 'throttled',
      title: `The ${job} was refused a start`,
      runbook: pageOf('RaingaugeThrottled'),
    },
  ]
}
