// What runs say as numbers: pure, and the same for every way of exporting them.
import { verdict, type CheckName, type Finding, type Severity, type Verdict } from '../finding.ts'
import { looksFor } from '../incident/looks-for.ts'
import { rowsIn, type ArchiveSummary, type JobName, type LedgerHead, type Run, type Trust } from '../run.ts'
import type { METRICS, MetricKey } from './metric-catalogue.ts'
import { printable, shorten } from './printable.ts'

/** One value of one metric; the labels are just those of the catalogue. */
export type Sample = {
  [Key in MetricKey]: { metric: Key; labels: Record<(typeof METRICS)[Key]['labels'][number], string>; value: number }
}[MetricKey]

const STATUSES: readonly Verdict['status'][] = ['clean', 'findings', 'unknown']
const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info']
const PROVEN: Record<Trust, number> = { uploaded: 0, verified: 1, restored: 2 }
const MOST_TAG = 100
/** Enough to tell migrations apart, and to find one in a ledger. */
const HASH_DIGITS = 12

/**
 * The samples of some runs of one project, the newest first. An older run only adds what no newer one speaks of: its own job, checks that the newer
 * did not make, the ledger and the archives of environments that it did not look at.
 */
export function samplesOf(runs: readonly Run[]): Sample[] {
  const newest = runs[0]
  if (newest === undefined) return []
  return [
    { metric: 'buildInfo', labels: { version: newest.raingauge }, value: 1 },
    ...firstOfEach(runs, (run) => run.job).flatMap(runSamples),
    ...checksOf(runs).flatMap(checkSamples),
    ...firstOfEach(
      runs.flatMap((run) => run.ledgers),
      ({ environment }) => environment,
    ).flatMap(ledgerSamples),
    ...firstOfEach(
      runs.flatMap(({ fleet }) => fleet ?? []),
      () => 'fleet',
    ).flatMap(fleetSamples),
    ...archiveTimes(runs),
    ...[
      ...Map.groupBy(
        runs.flatMap((run) => run.archives),
        ({ environment }) => environment,
      ),
    ].flatMap(archiveSamples),
  ]
}

function firstOfEach<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...Map.groupBy(items, key).values()].map((group) => group[0]!)
}

function runSamples(run: Run): Sample[] {
  const labels = { job_name: run.job }
  return [
    { metric: 'runCompletion', labels, value: seconds(Date.parse(run.startedAt) + run.durationMs) },
    { metric: 'runDuration', labels, value: seconds(run.durationMs) },
    { metric: 'runProblems', labels, value: run.problems.length },
  ]
}

type Check = { environment: string; check: CheckName; startedAt: string; verdicts: Verdict[] }

/** Jobs that judge archives, each in its own way: both sides count, or a clean backup would hide a failed drill. */
const ARCHIVE_SIDES: readonly JobName[][] = [
  ['backup', 'run'],
  ['drill', 'run'],
]

/** For each check, the newest run of each side that made it; an older one only with what the newer did not look for. */
function checksOf(runs: readonly Run[]): Check[] {
  const keys = new Set(runs.flatMap((run) => run.verdicts.map(checkKey)))
  return [...keys].map((key) => {
    const made = runs.filter((run) => run.verdicts.some((each) => checkKey(each) === key))
    const sides = ARCHIVE_SIDES.map((side) => made.find(({ job }) => side.includes(job)))
    const counted = key.endsWith('/archive')
      ? made.filter((run, index) => index === 0 || sides.includes(run))
      : made.slice(0, 1)
    const verdicts = counted.flatMap((run, index) => {
      const newer = counted.slice(0, index)
      const isOpen = ({ kind }: Finding): boolean => !newer.some(({ job }) => looksFor(job, kind))
      const own = run.verdicts.filter((each) => checkKey(each) === key)
      return index === 0 ? own : own.map((each) => stillOpen(each, each.findings.filter(isOpen)))
    })
    const { environment, check } = verdicts[0]!
    return { environment: environment ?? 'folder', check, startedAt: counted[0]!.startedAt, verdicts }
  })
}

function checkKey({ environment, check }: Verdict): string {
  return `${environment ?? ''}/${check}`
}

function stillOpen(old: Verdict, findings: Finding[]): Verdict {
  return old.status === 'unknown'
    ? { ...old, findings }
    : verdict(old.check, old.environment, old.durationMs, findings, old.ignored)
}

function checkSamples({ environment, check, startedAt, verdicts }: Check): Sample[] {
  const holds = STATUSES.findLast((status) => verdicts.some((each) => each.status === status))
  const found = verdicts.flatMap(({ findings }) => findings)
  const labels = { environment, check }
  return [
    ...STATUSES.map((status): Sample => ({
      metric: 'checkStatus',
      labels: { ...labels, status },
      value: status === holds ? 1 : 0,
    })),
    { metric: 'checkTime', labels, value: seconds(Date.parse(startedAt)) },
    { metric: 'checkDuration', labels, value: seconds(verdicts.reduce((sum, each) => sum + each.durationMs, 0)) },
    ...SEVERITIES.map((severity): Sample => {
      const value = found.filter((each) => each.severity === severity).length
      return { metric: 'findings', labels: { ...labels, severity }, value }
    }),
    { metric: 'ignoredFindings', labels, value: verdicts.reduce((sum, { ignored = [] }) => sum + ignored.length, 0) },
  ]
}

/** Three series, however many databases there are. */
function fleetSamples(fleet: NonNullable<Run['fleet']>): Sample[] {
  return STATUSES.map((status): Sample => ({ metric: 'fleetDatabases', labels: { status }, value: fleet[status] }))
}

function ledgerSamples({ environment, applied, newest }: LedgerHead): Sample[] {
  const tag = newest === null ? '(none)' : shorten(printable(newest.tag ?? '(unknown)'), MOST_TAG)
  const hash = newest === null ? '' : newest.hash.slice(0, HASH_DIGITS)
  return [
    { metric: 'migrationInfo', labels: { environment, tag, hash }, value: 1 },
    { metric: 'migrationsApplied', labels: { environment }, value: applied },
  ]
}

/** Whoever speaks of an archive: who made it, who restored it, and who saw it in the store. */
function archiveTimes(runs: readonly Run[]): Sample[] {
  const seen = runs
    .flatMap(({ newestVerified = [] }) => newestVerified)
    .map((each) => ({ ...each, trust: 'verified' as const }))
  const known = [...runs.flatMap((run) => run.archives), ...seen]
  return [...Map.groupBy(known, ({ environment }) => environment)].flatMap(([environment, archives]) =>
    (Object.keys(PROVEN) as Trust[]).flatMap((trust): Sample[] => {
      const proven = archives.filter((archive) => PROVEN[archive.trust] >= PROVEN[trust])
      if (proven.length === 0) return []
      const value = seconds(Math.max(...proven.map(({ startedAt }) => Date.parse(startedAt))))
      return [{ metric: 'archiveTime', labels: { environment, trust }, value }]
    }),
  )
}

function archiveSamples([environment, archives]: [string, ArchiveSummary[]]): Sample[] {
  const [newest] = archives.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
  if (newest === undefined) return []
  const labels = { environment }
  return [
    { metric: 'archiveRawBytes', labels, value: newest.rawBytes },
    { metric: 'archiveStoredBytes', labels, value: newest.storedBytes },
    { metric: 'archiveRows', labels, value: rowsIn(newest.tables) },
  ]
}

function seconds(ms: number): number {
  return ms / 1000
}
