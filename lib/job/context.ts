// What a job works with: everything that touches the world is in here, so that a job is a story and a test can tell it.
import type { ArchivePolicy } from '../config/archive-policy.ts'
import type { DumpEngine, LedgerName, SchemaRules } from '../config/config.ts'
import type { Narrowed } from '../config/narrow.ts'
import type { UnpackedFolders } from '../ledger/published/unpacked-folders.ts'
import type { Target } from '../postgres/target.ts'
import type { Scratch } from '../scratch/scratch.ts'
import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'

export type WatchedEnvironment = {
  name: string
  /** The way in, found when first asked for: what fails here is this environment's trouble alone. */
  target: () => Promise<Target>
  /** The way in for backups, where it is another: it may read every row. */
  backupTarget?: () => Promise<Target>
}

/** `otherwise`: what counts where nothing is published. */
export type PublishedChoice = { unpacked: UnpackedFolders; otherwise: 'bundled' | 'nothing' }

/** Time for a whole run, and disk for its temp folder. */
export type RunLimits = { timeMs: number; storageBytes: number }

export type JobContext = {
  /** Raingauge's own version. */
  version: string
  project: string
  /** Absolute path of the migrations folder. */
  folder: string
  /** The folder that the pipeline published counts rather than that one; absent: that one does. */
  published?: PublishedChoice | undefined
  /** null: look for the usual ones. */
  ledger: LedgerName | null
  /** In promotion order. */
  environments: WatchedEnvironment[]
  /** Where the job was narrowed to one environment: which, and the others of the project. */
  narrowed?: Narrowed['narrowed'] | undefined
  /** What the schema check leaves out, and what matters more or less than usual. */
  schemaRules: SchemaRules
  /** How fresh and how proven archives must be, and which are kept. */
  archivePolicy: ArchivePolicy
  /** Which pg_dump makes archives. */
  dumpEngine: DumpEngine
  /** Private keys that open encrypted archives, as age-keygen writes them; null: there are none here. Fetched when asked for: not every job may have it. */
  identity: () => Promise<Secret | null>
  slackWebhook: Secret | null
  /** Where the Prometheus text file goes; null: nowhere. */
  metricsFile: string | null
  store: Store
  scratch: Scratch
  /** Path of drizzle-kit's program; undefined: the package that npm installed. */
  drizzleKit: string | undefined
  /** What a run may take at most where it runs; absent: as much as it needs. */
  limits?: RunLimits | undefined
  now: () => Date
  signal: AbortSignal | undefined
  /** Says what is being done, for a terminal or a log: one short line, never a secret. */
  progress: (line: string) => void
}
