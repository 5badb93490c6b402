// What a job works with: everything that touches the world is in here, so that a job is a story and a test can tell it.
import type { LedgerName } from '../config/config.ts'
import type { Target } from '../postgres/target.ts'
import type { Scratch } from '../scratch/scratch.ts'
import type { Store } from '../store/store.ts'

export type WatchedEnvironment = { name: string; target: Target }

export type JobContext = {
  /** Raingauge's own version. */
  version: string
  project: string
  /** Absolute path of the migrations folder. */
  folder: string
  /** null: look for the usual ones. */
  ledger: LedgerName | null
  /** In promotion order. */
  environments: WatchedEnvironment[]
  store: Store
  scratch: Scratch
  now: () => Date
  signal: AbortSignal | undefined
  /** Says what is being done, for a terminal or a log: one short line, never a secret. */
  progress: (line: string) => void
}
