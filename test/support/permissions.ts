// Holds what jobs ask of AWS against what the template grants them, both ways.
import type { FunctionJob } from '../../lib/config/function-variables.ts'
import { allows, type AwsCall, type DeployedFunction, type Grant } from './template-functions.ts'

export type Permissions = {
  /** What the role of each job's function may do. */
  of: (job: FunctionJob, target: DeployedFunction) => void
  /** True when the job may do this; remembers that it was asked. */
  may: (job: FunctionJob, call: AwsCall) => boolean
  /** What was asked and not granted. */
  refused: string[]
  /** What was granted and never asked for. */
  unused: () => { job: FunctionJob; action: string; resource: string }[]
}

export function permissions(): Permissions {
  const grants = new Map<FunctionJob, { grant: Grant; used: boolean }[]>()
  const refused: string[] = []
  return {
    of(job, { grants: granted }) {
      if (!grants.has(job))
        grants.set(
          job,
          granted.map((grant) => ({ grant, used: false })),
        )
    },
    may(job, call) {
      const allowing = (grants.get(job) ?? []).filter(({ grant }) => allows(grant, call))
      for (const each of allowing) each.used = true
      if (allowing.length === 0) refused.push(`${job}: ${call.action} ${call.resource}`)
      return allowing.length > 0
    },
    refused,
    unused: () =>
      [...grants].flatMap(([job, each]) =>
        each.filter(({ used }) => !used).map(({ grant: { action, resource } }) => ({ job, action, resource })),
      ),
  }
}
