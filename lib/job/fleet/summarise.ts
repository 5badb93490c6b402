// What ten thousand looks amount to: each finding once, with the databases that have it. Pure.
import { FLEET } from '../../config/fleet-config.ts'
import { finding, FINDING_KINDS, verdict, type CheckName, type Finding, type Verdict } from '../../finding.ts'
import type { FleetCounts } from '../../run.ts'
import { count } from '../../words.ts'
import { groupFindings, MOST_GROUPS, unseenFindings } from './group-findings.ts'
import type { FleetStanding, Outcome, Sweep } from './documents.ts'

export type Summary = {
  counts: FleetCounts
  verdicts: Verdict[]
  /** Every database that is not clean: what the next sweep, and a person, looks up. */
  standing: FleetStanding
  notes: string[]
}

const NOBODY_LOOKED = 'nobody looked at it: the function that was to failed (see its log)'

/**
 * The whole fleet as one environment. A database that could not be looked at keeps what the last sweep found of it: what is unknown is neither clean
 * nor mended. One is behind when it lacks migrations that at least half of the fleet has.
 */
export function summarise(sweep: Sweep, outcomes: readonly Outcome[], before: FleetStanding | null): Summary {
  const looked = new Map(outcomes.map((each) => [each.name, each]))
  const all = sweep.batches.flat().map((name) => looked.get(name) ?? unseen(name))
  const head = headOf(all)
  const judged = all.map((each) => withBehind(each, head))
  const earlier = new Map(before?.outcomes.map((each) => [each.name, each]))
  const carried = judged.map((each) => carryOver(each, earlier.get(each.name)))
  const counts = countOf(judged)
  const blind = judged.filter((each) => statusOf(each) === 'unknown')
  const groups = [...groupFindings(carried, counts.databases), ...unseenFindings(blind, counts.databases)]
  const told = groups.slice(0, MOST_GROUPS)
  const checks: CheckName[] = ['ledger', 'schema']
  const left = groups.length - told.length
  return {
    counts,
    verdicts: checks.map((check) =>
      verdict(
        check,
        FLEET,
        0,
        told.filter(({ kind }) => FINDING_KINDS[kind].check === check),
      ),
    ),
    standing: {
      run: sweep.run,
      startedAt: sweep.startedAt,
      databases: counts.databases,
      outcomes: carried.filter((each) => statusOf(each) !== 'clean'),
    },
    notes:
      left === 0 ? [] : [`${count(left, 'finding')} of few databases more, which only the document of the fleet names`],
  }
}

function unseen(name: string): Outcome {
  return { name, applied: null, findings: [], more: 0, unknown: NOBODY_LOOKED }
}

function statusOf({ findings, unknown }: Outcome): 'clean' | 'findings' | 'unknown' {
  if (findings.length > 0) return 'findings'
  return unknown === null ? 'clean' : 'unknown'
}

function countOf(outcomes: readonly Outcome[]): FleetCounts {
  const of = (status: ReturnType<typeof statusOf>) => outcomes.filter((each) => statusOf(each) === status).length
  return { databases: outcomes.length, clean: of('clean'), findings: of('findings'), unknown: of('unknown') }
}

/** How many migrations at least half of those have that could be read; 0 where none could. */
function headOf(outcomes: readonly Outcome[]): number {
  const applied = outcomes.flatMap((each) => each.applied ?? []).toSorted((a, b) => b - a)
  return applied[Math.ceil(applied.length / 2) - 1] ?? 0
}

function withBehind(outcome: Outcome, head: number): Outcome {
  if (outcome.applied === null || outcome.applied >= head) return outcome
  const behind: Finding = finding(FLEET, 'ledger.behind', {
    subject: { class: 'ledger', name: 'head' },
    summary: 'has fewer migrations than most of the fleet',
    expected: count(head, 'migration'),
  })
  return { ...outcome, findings: [...outcome.findings, behind] }
}

function carryOver(now: Outcome, before: Outcome | undefined): Outcome {
  if (now.unknown === null || before === undefined) return now
  const known = new Set(now.findings.map(({ id }) => id))
  const isKept = ({ id, kind }: Finding): boolean =>
    !known.has(id) && (kind !== 'ledger.behind' || now.applied === null)
  return { ...now, findings: [...now.findings, ...before.findings.filter(isKept)] }
}
