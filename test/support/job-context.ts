// A job's context for tests: a directory store of its own, a real scratch server, a clock that stands still unless moved.
import { join } from 'node:path'
import { completeArchivePolicy } from '../../lib/config/archive-policy.ts'
import type { JobContext } from '../../lib/job/context.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { withScratch, type Scratch } from '../../lib/scratch/scratch.ts'
import { directoryStore } from '../../lib/store/directory-store.ts'
import { testFolder } from './directory.ts'

/** A scratch that no test of this context may need: asking for it is a fault of the test. */
const NO_SCRATCH: Scratch = { withDatabase: () => Promise.reject(new Error('this test has no scratch server')) }

export function jobContext(
  folder: string,
  environments: Record<string, Target>,
  changes: Partial<JobContext> = {},
): JobContext {
  const home = testFolder()
  return {
    version: '0.0.0-test',
    project: 'app',
    folder,
    ledger: null,
    environments: Object.entries(environments).map(([name, target]) => ({
      name,
      target: () => Promise.resolve(target),
    })),
    schemaRules: { ignore: [], severity: [] },
    archivePolicy: completeArchivePolicy(undefined),
    dumpEngine: { engine: 'wasm' },
    identity: () => Promise.resolve(null),
    slackWebhook: null,
    metricsFile: join(home, 'metrics.prom'),
    store: directoryStore(join(home, 'store')),
    scratch: NO_SCRATCH,
    drizzleKit: undefined,
    now: () => new Date('2026-11-22T09:00:00Z'),
    signal: undefined,
    progress: () => {},
    ...changes,
  }
}

/** Runs a job with a real scratch server. */
export async function withScratchContext<T>(context: JobContext, use: (context: JobContext) => Promise<T>): Promise<T> {
  return await withScratch((scratch) => use({ ...context, scratch }))
}
