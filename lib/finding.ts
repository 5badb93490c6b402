/** What a finding and a verdict are: the words that every room speaks and that `--json` prints. */

export type CheckName = 'ledger' | 'folder' | 'schema' | 'archive'

export type Severity = 'critical' | 'warning' | 'info'

/** Every kind of finding, with the check it belongs to and how much it matters unless a room knows better. */
export const FINDING_KINDS = {
  'ledger.behind': { check: 'ledger', severity: 'warning', title: 'behind the environment before it' },
  'ledger.ahead': { check: 'ledger', severity: 'critical', title: 'ahead of the environment before it' },
  'ledger.diverged': { check: 'ledger', severity: 'critical', title: 'another migration in the same place' },
  'ledger.edited': { check: 'ledger', severity: 'critical', title: 'migration edited after it was applied' },
  'ledger.unknown': { check: 'ledger', severity: 'critical', title: 'applied, but not in the folder' },
  'ledger.skipped': { check: 'ledger', severity: 'critical', title: 'skipped: Drizzle will never run it' },
  'ledger.pending': { check: 'ledger', severity: 'info', title: 'committed, not applied yet' },
  'ledger.unseen': {
    check: 'ledger',
    severity: 'warning',
    title: 'databases of the fleet that could not be looked at',
  },
  'folder.kit': { check: 'folder', severity: 'warning', title: 'drizzle-kit check complains' },
  'folder.orphan': { check: 'folder', severity: 'warning', title: 'SQL file that the journal does not name' },
  'folder.missing-file': { check: 'folder', severity: 'critical', title: 'journal entry without its SQL file' },
  'folder.missing-snapshot': { check: 'folder', severity: 'warning', title: 'migration without its snapshot' },
  'folder.order': { check: 'folder', severity: 'critical', title: 'journal times out of order' },
  'folder.duplicate': { check: 'folder', severity: 'critical', title: 'two journal entries alike' },
  'schema.missing': { check: 'schema', severity: 'critical', title: 'missing from the database' },
  'schema.unexpected': { check: 'schema', severity: 'warning', title: 'in the database, in no migration' },
  'schema.changed': { check: 'schema', severity: 'warning', title: 'not as the migrations made it' },
  'schema.renamed': { check: 'schema', severity: 'critical', title: 'there under another name' },
  'schema.unmodelled': { check: 'schema', severity: 'info', title: 'of a kind that is not compared' },
  'schema.rule-expired': { check: 'schema', severity: 'info', title: 'rule that ignores no more' },
  'archive.failed': { check: 'archive', severity: 'critical', title: 'backup failed' },
  'archive.stale': { check: 'archive', severity: 'critical', title: 'no recent archive' },
  'archive.shrunk': { check: 'archive', severity: 'warning', title: 'archive much smaller than the ones before' },
  'archive.unverified': { check: 'archive', severity: 'critical', title: 'archive could not be verified' },
  'archive.unlocked': { check: 'archive', severity: 'warning', title: 'archive not locked' },
  'archive.leftover': { check: 'archive', severity: 'warning', title: 'left over from killed backups' },
  'archive.drill-overdue': { check: 'archive', severity: 'warning', title: 'no recent drill' },
  'archive.backup-outgrows': { check: 'archive', severity: 'warning', title: 'backups will not fit their function' },
  'archive.drill-outgrows': { check: 'archive', severity: 'warning', title: 'drills will not fit their function' },
  'archive.drill-failed': { check: 'archive', severity: 'critical', title: 'archive did not restore' },
} as const satisfies Record<string, { check: CheckName; severity: Severity; title: string }>

export type FindingKind = keyof typeof FINDING_KINDS

export type ArchiveFindingKind = Extract<FindingKind, `archive.${string}`>

/** SQL that a person may run, never run by Raingauge against a watched database. */
export type Repair = {
  /** Makes the database match the migrations. */
  database?: string
  /** A migration that makes the code match the database. */
  adopt?: string
  /** What to beware of, as `name: words`: of both, together. */
  hazards: string[]
  /** The same of each by itself, where both are offered and they differ. */
  hazardsOf?: { database: string[]; adopt: string[] }
}

/** One thing that is not as it should be. */
export type Finding = {
  /** Stable over runs for as long as it is the same thing in the same place: an incident hangs on it. */
  id: string
  kind: FindingKind
  severity: Severity
  subject: { class: string; name: string }
  /** The table or view that it lives in, where it lives in one: reports tell the findings of one together. */
  within?: { class: string; name: string }
  /** One line for a person. */
  summary: string
  expected?: string
  actual?: string
  repair?: Repair
}

/** A finding that a rule of the configuration leaves out: it opens no incident, and is counted and kept all the same. */
export type Ignored = {
  finding: Finding
  /** Why, in the words of the rule. */
  reason: string
  /** Day on which the rule ends, ISO 8601. */
  expires?: string
}

/** The outcome of one check of one environment (null: of the folder, which belongs to none). Unknown is never clean. */
export type Verdict = {
  check: CheckName
  environment: string | null
  status: 'clean' | 'findings' | 'unknown'
  /** Why it is unknown, with the remedy: only then. */
  reason?: string
  durationMs: number
  findings: Finding[]
  /** What rules left out: only where there is some. */
  ignored?: Ignored[]
}

/** Makes a finding with the severity of its kind, unless told another, and an id from where and what it is. */
export function finding(
  environment: string | null,
  kind: FindingKind,
  about: { subject: Finding['subject']; summary: string } & Partial<
    Pick<Finding, 'severity' | 'within' | 'expected' | 'actual' | 'repair'>
  >,
): Finding {
  const { severity = FINDING_KINDS[kind].severity, subject, ...rest } = about
  const id = [environment ?? 'folder', kind, subject.class, subject.name].join('/')
  return { id, kind, severity, subject, ...rest }
}

/** A finding about the archives of an environment as a whole. */
export function archiveFinding(
  environment: string,
  kind: ArchiveFindingKind,
  summary: string,
  severity: Severity = FINDING_KINDS[kind].severity,
): Finding {
  return finding(environment, kind, { subject: { class: 'archive', name: environment }, summary, severity })
}

/** Each finding once, as it was said last. */
export function oncePerId(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((each) => [each.id, each])).values()]
}

/** The verdict that these findings amount to. Those of severity info are told, but leave it clean; so does what rules left out. */
export function verdict(
  check: CheckName,
  environment: string | null,
  durationMs: number,
  findings: Finding[],
  ignored: Ignored[] = [],
): Verdict {
  const status = findings.some((each) => each.severity !== 'info') ? 'findings' : 'clean'
  return { check, environment, status, durationMs, findings, ...(ignored.length === 0 ? {} : { ignored }) }
}

/** The verdict of a check that could not look. What it did find before that still counts. */
export function unknown(
  check: CheckName,
  environment: string | null,
  durationMs: number,
  reason: string,
  findings: Finding[] = [],
): Verdict {
  return { check, environment, status: 'unknown', reason, durationMs, findings }
}
