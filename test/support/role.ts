// One role of the template, and what was asked of AWS in its name.
import { allows, type AwsCall, type Grant } from './template-functions.ts'

export type WatchedRole = {
  /** True when the role may do all of these; remembers that they were asked for. */
  may: (calls: readonly AwsCall[]) => boolean
  /** What was asked and not granted. */
  refused: string[]
  /** What was granted and never asked for. */
  unused: () => string[]
}

export function watchRole(grants: readonly Grant[]): WatchedRole {
  const used = new Set<Grant>()
  const refused: string[] = []
  return {
    may(calls) {
      const allowed = calls.map((call) => {
        const allowing = grants.filter((grant) => allows(grant, call))
        for (const each of allowing) used.add(each)
        if (allowing.length === 0) refused.push(`${call.action} ${call.resource}`)
        return allowing.length > 0
      })
      return allowed.every(Boolean)
    },
    refused,
    unused: () => grants.filter((grant) => !used.has(grant)).map(({ action, resource }) => `${action} ${resource}`),
  }
}
