// What a job may do in the store, as IAM would judge it.
import type { FunctionJob } from '../../lib/config/function-variables.ts'
import { STORE_ACCESS, type ObjectAccess } from '../../lib/infra/job-plan.ts'

/** True when the job may do this with the object. */
export function mayDo(job: FunctionJob, action: string, key: string): boolean {
  return mayDoWith(STORE_ACCESS[job], action, key)
}

/** True when this access lets the action be done with the object. */
export function mayDoWith(access: readonly ObjectAccess[], action: string, key: string): boolean {
  return access.some(({ actions, keys }) => actions.includes(action) && keys.some((pattern) => matches(pattern, key)))
}

/** As IAM does: `*` is any characters, slashes too. */
function matches(pattern: string, key: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'))
  return new RegExp(`^${parts.join('.*')}$`).test(key)
}
