// A whole check of one environment's schema (ledger, catalog, cached baseline, diff) against pg_dump, and one where nothing changed.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completeArchivePolicy } from '../lib/config/archive-policy.ts'
import type { JobContext } from '../lib/job/context.ts'
import { findStanding, judgeSchema, recall } from '../lib/job/judge-schema.ts'
import { lookAt } from '../lib/job/look.ts'
import { readFolder } from '../lib/ledger/read-folder.ts'
import { readLedger } from '../lib/ledger/read-ledger.ts'
import { withSnapshot } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import type { Scratch } from '../lib/scratch/scratch.ts'
import { directoryStore } from '../lib/store/directory-store.ts'
import { stateKey } from '../lib/store/keys.ts'
import { compare, type Comparison, type Way } from './measure.ts'

/**
 * Lends two ways to check a database that was built from the folder, whole and as the hourly check of an unchanged one, and what no check
 * can do without: to log in and read the ledger.
 */
export async function withChecks<T>(
  scratch: Scratch,
  folder: string,
  target: Target,
  use: (ways: { whole: Way; unchanged: Way; ledger: Way }) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'raingauge-bench-'))
  const context: JobContext = {
    version: 'bench',
    project: 'bench',
    folder,
    ledger: null,
    environments: [{ name: 'bench', target: () => Promise.resolve(target) }],
    schemaRules: { ignore: [], severity: [] },
    archivePolicy: completeArchivePolicy(undefined),
    dumpEngine: { engine: 'wasm' },
    identity: () => Promise.resolve(null),
    slackWebhook: null,
    metricsFile: null,
    store: directoryStore(home),
    scratch,
    drizzleKit: undefined,
    now: () => new Date(),
    signal: undefined,
    progress: () => {},
  }
  try {
    return await use({
      whole: {
        name: 'raingauge, whole check',
        run: async () => {
          await context.store.delete(stateKey('bench', '_schema-bench'))
          await check(context)
        },
      },
      unchanged: { name: 'raingauge, nothing changed', run: () => check(context) },
      ledger: {
        name: 'login and ledger alone',
        run: () => withSnapshot(target, 'bench', (client) => readLedger(client, null)),
      },
    })
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** The first run of the whole check replays the baseline. */
export async function compareChecks(whole: Way, peer: Way, what: string, rounds: number): Promise<Comparison> {
  return await compare(`Check of the schema, ${what}`, whole, peer, rounds)
}

export function schemaDump(target: Target, pgDump: string): Way {
  return { name: 'native pg_dump --schema-only', run: () => dump(target, pgDump) }
}

async function check(context: JobContext): Promise<void> {
  const [environment] = context.environments
  if (environment === undefined) throw new Error('no environment')
  const problems: string[] = []
  const memory = recall('bench', context, problems)
  const folder = readFolder(context.folder)
  const look = await lookAt(environment, context, (glance) => findStanding('bench', glance, folder, memory, context))
  const { findings, incomplete } = await judgeSchema(look, await folder, memory, context)
  const odd = [
    ...findings.map(({ summary }) => summary),
    ...problems,
    ...(incomplete === undefined ? [] : [incomplete]),
  ]
  if (odd.length > 0)
    throw new Error(`the bench database differs from its own migrations: ${odd.slice(0, 5).join('; ')}`)
}

async function dump({ host, port, user, database, password }: Target, pgDump: string): Promise<void> {
  const child = spawn(
    pgDump,
    ['--schema-only', '-h', host, '-p', String(port), '-U', user, '-d', database, '-f', '/dev/null'],
    {
      env: { ...process.env, PGPASSWORD: password?.reveal() ?? '' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (status !== 0) throw new Error(`pg_dump exited with ${String(status)}`)
}
