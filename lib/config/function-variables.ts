/** The environment variables that the stack sets and the functions read: named once, for deploy time and run time. */
export const FUNCTION_VARIABLES = {
  /** The document of `serializeConfig`. Holds references to secrets, never a secret. */
  config: 'RAINGAUGE_CONFIG',
  /** The bucket of the store, whose name is only known once it is deployed. Goes before the store of the document. */
  bucket: 'RAINGAUGE_BUCKET',
} as const

/** The jobs that run as a function each, on a schedule of their own. */
export const FUNCTION_JOBS = ['check', 'backup', 'drill', 'prune'] as const

export type FunctionJob = (typeof FUNCTION_JOBS)[number]

/** The jobs that may outlast a function, and run as tasks of ECS then. */
export const TASK_JOBS = ['backup', 'drill'] as const satisfies readonly FunctionJob[]

export type TaskJob = (typeof TASK_JOBS)[number]

export function isTaskJob(job: FunctionJob): job is TaskJob {
  return TASK_JOBS.some((each) => each === job)
}

/** Besides {@link FUNCTION_VARIABLES}, what a task is told. */
export const TASK_VARIABLES = {
  /** When the schedule wanted this run, ISO 8601. */
  slot: 'RAINGAUGE_SLOT',
  /** The one environment that it is for. */
  environment: 'RAINGAUGE_ENVIRONMENT',
  /** After so many hours it gives up by itself. */
  hours: 'RAINGAUGE_HOURS',
  /** Address of the zip in S3 that the code comes in. */
  bundle: 'RAINGAUGE_BUNDLE',
  /** Address of the root certificates of RDS, which images of Node do not have; empty: none are fetched. */
  roots: 'RAINGAUGE_ROOTS',
} as const

/** In the bundle of such a job: the program that a task starts with, which fetches all the rest; and what it runs then. */
export const START_PROGRAM = 'start.mjs'
export const TASK_PROGRAM = 'task.mjs'
