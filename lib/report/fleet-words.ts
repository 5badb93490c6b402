import type { Run } from '../run.ts'
import { count } from '../words.ts'

/** `5 of 10,000 databases: 3 with findings, 2 could not be looked at`, or that all are clean. */
export function fleetWords({ databases, clean, findings, unknown }: NonNullable<Run['fleet']>): string {
  if (clean === databases) return `all ${count(databases, 'database')} clean`
  const parts = [
    findings === 0 ? '' : `${findings.toLocaleString('en-US')} with findings`,
    unknown === 0 ? '' : `${unknown.toLocaleString('en-US')} could not be looked at`,
  ].filter((part) => part !== '')
  return `${(databases - clean).toLocaleString('en-US')} of ${count(databases, 'database')}: ${parts.join(', ')}`
}
