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
