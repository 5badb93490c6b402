import type { Verdict } from './finding.ts'

export const JOB_NAMES = ['check', 'backup', 'drill', 'prune', 'fleet', 'run'] as const

/** `run` does what the first three do; `fleet` looks at many databases of one schema. */
export type JobName = (typeof JOB_NAMES)[number]

/** How far an archive has been proven: written, read back and decoded, or really restored. */
export type Trust = 'uploaded' | 'verified' | 'restored'

/** An archive as a run tells of it. Sizes in bytes, times in ISO 8601. */
export type ArchiveSummary = {
  id: string
  environment: string
  startedAt: string
  rawBytes: number
  storedBytes: number
  /** Of the stored bytes, in hexadecimal. */
  sha256: string
  trust: Trust
  /** When it was proven to be worth that; absent for one that was only written. */
  provenAt?: string
  /** Milliseconds that the drill took to have the data back; absent where none restored it. */
  timeToRestoreMs?: number
  /** Only of an encrypted archive that was read back without a private key: its bytes were compared, and not decoded. */
  decoded?: false
  engine: 'wasm' | 'native'
  serverVersion: string
  tables: { name: string; rows: number }[]
  /** Path or s3:// URL of archive.dump.zst. */
  location: string
}

/** Rows of all these tables together. */
export function rowsIn(tables: readonly { rows: number }[]): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0)
}

/** The head of one environment's ledger, for reports and metrics. */
export type LedgerHead = {
  environment: string
  applied: number
  /** The newest applied migration; null when nothing is applied. `tag` is null where neither table nor folder knows it. */
  newest: { tag: string | null; hash: string } | null
}

/** Where the migrations folder came from: `bundled` is the one that was deployed with the function. */
export type FolderOrigin = {
  source: 'published' | 'bundled' | 'local'
  /** Of the publication; null for any other, as is `publishedAt` (ISO 8601). */
  id: string | null
  publishedAt: string | null
  /** The newest migration; null where there is none. */
  tag: string | null
}

/** How many databases of a fleet there are, and what came of looking at them. */
export type FleetCounts = { databases: number; clean: number; findings: number; unknown: number }

/** The newest verified archive of an environment, as the store has it. `startedAt`: of its backup, ISO 8601. */
export type NewestVerified = { environment: string; startedAt: string }

/** One execution of one job: the document that `--json` prints. */
export type Run = {
  raingauge: string
  job: JobName
  project: string
  /** The only one that the run was told to look at; absent: all of the project. */
  environment?: string
  startedAt: string
  durationMs: number
  verdicts: Verdict[]
  archives: ArchiveSummary[]
  ledgers: LedgerHead[]
  /** Of a check alone, which made no archive and saw them all: of each environment that has one. */
  newestVerified?: NewestVerified[]
  /** Which migrations folder it went by: only of a run that read one. */
  folder?: FolderOrigin
  /** What could not be done besides the checks, such as telling Slack: one line each, with its remedy. */
  problems: string[]
  /** What was left undone for a good reason, such as a backup that another run is at: one line each, only where there is one. */
  notes?: string[]
  /** Of a fleet alone. `document`: where every database is named that was not clean. */
  fleet?: FleetCounts & { document: string }
}

/** 0 clean, 1 findings, 2 something could not be checked or done: what a shell or a scheduler acts on. */
export function exitStatus(run: Pick<Run, 'verdicts' | 'problems' | 'fleet'>): 0 | 1 | 2 {
  if (run.fleet !== undefined && run.fleet.unknown > 0) return 2
  if (run.problems.length > 0 || run.verdicts.some((verdict) => verdict.status === 'unknown')) return 2
  return run.verdicts.some((verdict) => verdict.status === 'findings') ? 1 : 0
}
