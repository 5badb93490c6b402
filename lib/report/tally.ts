// What a run amounts to, in the order in which a person wants to hear it.
import type { Finding, Severity, Verdict } from '../finding.ts'

/** Environments and the folder as people call them. */
export function placeName(environment: string | null): string {
  return environment ?? 'migrations folder'
}

/** The worst first; unknown stands between critical and warning: it may hide anything. */
function badness(verdict: Pick<Verdict, 'status' | 'findings'>): number {
  if (verdict.findings.some(({ severity }) => severity === 'critical')) return 3
  if (verdict.status === 'unknown') return 2
  return verdict.status === 'findings' ? 1 : 0
}

const BY_SEVERITY: Record<Severity, number> = { critical: 0, warning: 1, info: 2 }

function worstFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => BY_SEVERITY[a.severity] - BY_SEVERITY[b.severity])
}

/** Findings of one table or view; of none in particular: null. */
export type Group = { table: Finding['subject'] | null; findings: Finding[] }

/** The findings by table, the group with the worst one first, and the worst first in each. What is no part of a table stands alone. */
export function groupsOf(findings: readonly Finding[]): Group[] {
  const tables = new Set(findings.flatMap(({ within }) => (within === undefined ? [] : [nameOf(within)])))
  const groups = Map.groupBy(worstFirst(findings), ({ id, subject, within }) => {
    if (within !== undefined) return nameOf(within)
    return tables.has(nameOf(subject)) ? nameOf(subject) : id
  })
  return [...groups.values()].map((own) => ({
    table: own.find(({ within }) => within !== undefined)?.within ?? null,
    findings: own,
  }))
}

function nameOf({ class: kind, name }: Finding['subject']): string {
  return `${kind} ${name}`
}

export type Place = { environment: string | null; verdicts: Verdict[] }

/** The verdicts by environment, the worst environment first, and the worst check first in each; else as the run has them. */
export function placesOf(verdicts: readonly Verdict[]): Place[] {
  const groups = Map.groupBy(verdicts, ({ environment }) => environment)
  return [...groups]
    .map(([environment, own]) => ({ environment, verdicts: own.toSorted((a, b) => badness(b) - badness(a)) }))
    .toSorted((a, b) => worst(b) - worst(a))
}

function worst(place: Place): number {
  return Math.max(...place.verdicts.map((verdict) => badness(verdict)))
}

export type Tally = { critical: number; warning: number; info: number; unknown: number; checks: number }

export function tally(verdicts: readonly Verdict[]): Tally {
  const findings = verdicts.flatMap((verdict) => verdict.findings)
  const of = (severity: Severity): number => findings.filter((each) => each.severity === severity).length
  return {
    critical: of('critical'),
    warning: of('warning'),
    info: of('info'),
    unknown: verdicts.filter(({ status }) => status === 'unknown').length,
    checks: verdicts.length,
  }
}
