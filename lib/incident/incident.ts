// Decides what people are told, and when: an incident is the life of a finding over runs.
import { createHash } from 'node:crypto'
import type { CheckName, Finding, Verdict } from '../finding.ts'
import type { JobName } from '../run.ts'
import { looksAgain, looksFor } from './looks-for.ts'
import type { Incident, IncidentState, Notice } from './state.ts'

const HOUR_MS = 3_600_000
const FIRST_REMINDER_MS = 24 * HOUR_MS
const LATER_REMINDER_MS = 72 * HOUR_MS
/** A Lambda ends after 15 minutes: a notice that is still owed then was not told. */
const OVERDUE_MS = HOUR_MS / 4
/** While nobody can be told for weeks, the newest are kept. */
const MOST_OWED = 20_000

/** Looks in a row without the finding before it counts as gone. A schema may be read in the middle of a deploy. */
const LOOKS_TO_RESOLVE: Record<CheckName, number> = { ledger: 1, folder: 1, schema: 2, archive: 1 }

/** The id of the incident "this check could not look". No finding has it: their second part holds a dot. */
export function unknownId(check: CheckName, environment: string | null): string {
  return `${environment ?? 'folder'}/unknown/${check}`
}

/** When each open incident of these states was first seen, by finding id or {@link unknownId}. */
export function sinceOf(...states: (IncidentState | null)[]): Map<string, Date> {
  return new Map(
    states.flatMap((state) =>
      Object.values(state?.incidents ?? {}).map(({ id, firstSeen }): [string, Date] => [id, new Date(firstSeen)]),
    ),
  )
}

/**
 * Moves the incidents on by one run, and says what is to be told; that is owed to people until {@link settle} says otherwise. An unknown
 * verdict resolves nothing: what it did find counts as found, and that it could not look is an incident of its own. Findings of severity
 * info open nothing, and checks that are not among the verdicts keep their incidents as they are. `job` (any, unless told) is what ran:
 * see looks-for.ts.
 */
export function advance(
  state: IncidentState | null,
  verdicts: readonly Verdict[],
  now: Date,
  job: JobName = 'run',
): { state: IncidentState; notices: Notice[] } {
  const incidents = new Map(Object.entries(state?.incidents ?? {}))
  const notices: Notice[] = []
  for (const look of looksOf(verdicts)) {
    for (const { next, notice, id } of judge(look, incidents, now, job)) {
      if (next === null) incidents.delete(id)
      else incidents.set(id, next)
      if (notice !== null) notices.push(notice)
    }
  }
  const since = now.toISOString()
  const owed = [...(state?.owed ?? []), ...notices.map((notice) => ({ since, notice }))].slice(-MOST_OWED)
  return { state: { version: 1, updatedAt: since, incidents: Object.fromEntries(incidents), owed }, notices }
}

/** What earlier runs owe and did not tell. What is owed for less than a run can take may be on its way right now. */
export function overdue(state: IncidentState | null, now: Date): Notice[] {
  const owed = state?.owed ?? []
  return owed.filter(({ since }) => now.getTime() - Date.parse(since) >= OVERDUE_MS).map(({ notice }) => notice)
}

/** The state once these notices were told. */
export function settle(state: IncidentState, told: readonly Notice[]): IncidentState {
  const settled = new Set(told.map(noticeKey))
  return { ...state, owed: state.owed.filter(({ notice }) => !settled.has(noticeKey(notice))) }
}

/** The same notice has the same key, read back from the store or not. */
function noticeKey({ what, incident }: Notice): string {
  return JSON.stringify([what, incident.id, incident.lastTold, incident.lastSeen])
}

type Step = { id: string; next: Incident | null; notice: Notice | null }

/** All that one run says of one check of one environment. `unknown` is null where it could look; empty where a finding says it all. */
type Look = { check: CheckName; environment: string | null; unknown: Seen[] | null; seen: Map<string, Seen> }

/** What an incident is made from when it is seen. */
type Seen = Pick<Incident, 'id' | 'check' | 'environment' | 'kind' | 'severity' | 'summary' | 'fingerprint'>

function judge(look: Look, incidents: ReadonlyMap<string, Incident>, now: Date, job: JobName): Step[] {
  const known = [...incidents.values()].filter(
    ({ check, environment }) => check === look.check && environment === look.environment,
  )
  const found = [...look.seen.values()].map((seen) => see(seen, incidents.get(seen.id), now, job))
  if (look.unknown !== null)
    return [...found, ...look.unknown.map((seen) => see(seen, incidents.get(seen.id), now, job))]
  const gone = known.filter((each) => !look.seen.has(each.id) && isLookedFor(each, job))
  return [...found, ...gone.map(miss)]
}

function isLookedFor(incident: Incident, job: JobName): boolean {
  return incident.kind === 'unknown' ? looksAgain(job, incident.job) : looksFor(job, incident.kind)
}

function see(seen: Seen, before: Incident | undefined, now: Date, job: JobName): Step {
  const time = now.toISOString()
  const { id } = seen
  if (before === undefined) {
    const next = { ...seen, job, firstSeen: time, lastSeen: time, lastTold: time, reminders: 0, cleanLooks: 0 }
    return { id, next, notice: { what: 'opened', incident: next } }
  }
  const next = { ...before, ...seen, job, lastSeen: time, cleanLooks: 0 }
  if (seen.fingerprint !== before.fingerprint) {
    const told = { ...next, lastTold: time, reminders: 0 }
    return { id, next: told, notice: { what: 'changed', incident: told, before } }
  }
  const patience = before.reminders === 0 ? FIRST_REMINDER_MS : LATER_REMINDER_MS
  if (now.getTime() - Date.parse(before.lastTold) < patience) return { id, next, notice: null }
  const reminded = { ...next, lastTold: time, reminders: before.reminders + 1 }
  return { id, next: reminded, notice: { what: 'reminded', incident: reminded } }
}

function miss(before: Incident): Step {
  const { id } = before
  const cleanLooks = before.cleanLooks + 1
  const needed = before.kind === 'unknown' ? 1 : LOOKS_TO_RESOLVE[before.check]
  if (cleanLooks < needed) return { id, next: { ...before, cleanLooks }, notice: null }
  return { id, next: null, notice: { what: 'resolved', incident: { ...before, cleanLooks } } }
}

/** One look per check and environment, even where two jobs of one run both speak of it: it is known only if both know. */
function looksOf(verdicts: readonly Verdict[]): Look[] {
  const groups = Map.groupBy(verdicts, ({ check, environment }) => unknownId(check, environment))
  return [...groups.values()].map((group) => {
    const { check, environment } = group[0]!
    const seen = new Map<string, Seen>()
    for (const each of group.flatMap(({ findings }) => findings)) {
      if (each.severity !== 'info' && !seen.has(each.id)) seen.set(each.id, seenFinding(each, check, environment))
    }
    return { check, environment, seen, unknown: seenUnknown(group) }
  })
}

function seenFinding(found: Finding, check: CheckName, environment: string | null): Seen {
  const { id, kind, severity, summary } = found
  return {
    id,
    check,
    environment,
    kind,
    severity,
    summary,
    fingerprint: fingerprint(severity, found.expected, found.actual),
  }
}

/**
 * A finding with the same words, such as a failed backup, is told instead. The reason is not part of the fingerprint: the answer "could
 * not check" stays the same whatever hinders.
 */
function seenUnknown(group: readonly Verdict[]): Seen[] | null {
  const blind = group.filter(({ status }) => status === 'unknown')
  if (blind.length === 0) return null
  const untold = blind.find(({ reason, findings }) => findings.every(({ summary }) => summary !== reason))
  if (untold === undefined) return []
  const { check, environment, reason = 'no reason given' } = untold
  const id = unknownId(check, environment)
  return [
    {
      id,
      check,
      environment,
      kind: 'unknown',
      severity: 'warning',
      summary: reason,
      fingerprint: fingerprint('unknown'),
    },
  ]
}

function fingerprint(...parts: (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
