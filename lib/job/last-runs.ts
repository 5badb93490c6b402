// The last run of each job, and of each environment that it was narrowed to, kept in the store: what metrics and `raingauge status` know without asking a database.
import { z } from 'zod'
import { storedFinding, storedIgnored } from '../finding-schema.ts'
import { JOB_NAMES, type Run } from '../run.ts'
import { stateKey, stateKeyPrefix } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { JobContext } from './context.ts'
import { parseJson } from '../parse-json.ts'

const run = z.object({
  raingauge: z.string(),
  job: z.enum(JOB_NAMES),
  project: z.string(),
  environment: z.string().exactOptional(),
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
  newestVerified: z.array(z.object({ environment: z.string(), startedAt: z.string() })).exactOptional(),
  problems: z.array(z.string()),
  fleet: z
    .object({
      databases: z.number(),
      clean: z.number(),
      findings: z.number(),
      unknown: z.number(),
      document: z.string(),
    })
    .exactOptional(),
})

/** Remembers a run as the last of its job. Throws what the store throws. */
export async function writeLastRun(store: Store, last: Run): Promise<void> {
  await store.put(keyOf(last), `${JSON.stringify(last)}\n`)
}

/**
 * The last run of each job that ever ran, of all environments and of each by itself, the newest first. One that cannot be read (another version wrote it, or the store is damaged)
 * is left out and named in `unreadable`: the next run of its job writes it anew. Throws what the store throws.
 */
export async function readLastRuns({
  store,
  project,
  environments,
  narrowed,
}: Pick<JobContext, 'store' | 'project' | 'environments' | 'narrowed'>): Promise<{
  runs: Run[]
  unreadable: string[]
}> {
  const known = [...environments.map(({ name }) => name), ...(narrowed?.others ?? [])]
  const runs: Run[] = []
  const unreadable: string[] = []
  for await (const { key } of store.list(stateKeyPrefix(project, '_run-'))) {
    const stored = await store.get(key)
    if (stored === null) continue
    const parsed = run.safeParse(parseJson(stored.body.toString('utf8')))
    if (!parsed.success) unreadable.push(store.locate(key))
    // An environment that was taken out of the configuration is silent for a reason.
    else if (parsed.data.environment === undefined || known.includes(parsed.data.environment)) runs.push(parsed.data)
  }
  return { runs: runs.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)), unreadable }
}

/** Environments start with a letter or digit, so no environment's state has this key. */
function keyOf({ project, job, environment }: Run): string {
  return stateKey(project, environment === undefined ? `_run-${job}` : `_run-${job}-${environment}`)
}
