// The last run of each job, kept in the store: what metrics and `raingauge status` know without asking a database.
import { z } from 'zod'
import { storedFinding, storedIgnored } from '../finding-schema.ts'
import { JOB_NAMES, type JobName, type Run } from '../run.ts'
import { stateKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { parseJson } from '../parse-json.ts'

const run = z.object({
  raingauge: z.string(),
  job: z.enum(['check', 'backup', 'drill', 'prune', 'run']),
  project: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  verdicts: z.array(
    z.object({
      check: z.enum(['ledger', 'folder', 'schema', 'archive']),
      environment: z.string().nullable(),
      status: z.enum(['clean', 'findings', 'unknown']),
      reason: z.string().exactOptional(),
      durationMs: z.number(),
      findings: z.array(storedFinding),
      ignored: z.array(storedIgnored).exactOptional(),
    }),
  ),
  archives: z.array(
    z.object({
      id: z.string(),
      environment: z.string(),
      startedAt: z.string(),
      rawBytes: z.number(),
      storedBytes: z.number(),
      sha256: z.string(),
      trust: z.enum(['uploaded', 'verified', 'restored']),
      provenAt: z.string().exactOptional(),
      timeToRestoreMs: z.number().exactOptional(),
      decoded: z.literal(false).exactOptional(),
      engine: z.enum(['wasm', 'native']),
      serverVersion: z.string(),
      tables: z.array(z.object({ name: z.string(), rows: z.number() })),
      location: z.string(),
    }),
  ),
  ledgers: z.array(
    z.object({
      environment: z.string(),
      applied: z.number(),
      newest: z.object({ tag: z.string().nullable(), hash: z.string() }).nullable(),
    }),
  ),
  problems: z.array(z.string()),
})

/** Remembers a run as the last of its job. Throws what the store throws. */
export async function writeLastRun(store: Store, last: Run): Promise<void> {
  await store.put(keyOf(last.project, last.job), `${JSON.stringify(last)}\n`)
}

/**
 * The last run of each job that ever ran, the newest first. One that cannot be read (another version wrote it, or the store is damaged)
 * is left out and named in `unreadable`: the next run of its job writes it anew. Throws what the store throws.
 */
export async function readLastRuns(store: Store, project: string): Promise<{ runs: Run[]; unreadable: string[] }> {
  const runs: Run[] = []
  const unreadable: string[] = []
  for (const job of JOB_NAMES) {
    const key = keyOf(project, job)
    const stored = await store.get(key)
    if (stored === null) continue
    const parsed = run.safeParse(parseJson(stored.body.toString('utf8')))
    if (parsed.success) runs.push(parsed.data)
    else unreadable.push(store.locate(key))
  }
  return { runs: runs.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)), unreadable }
}

/** Environments start with a letter or digit, so no environment's state has this key. */
function keyOf(project: string, job: JobName): string {
  return stateKey(project, `_run-${job}`)
}
