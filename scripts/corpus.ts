// npm run corpus: real projects' migrations, applied by drizzle-orm's own migrator, must check clean. See its usage below.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { drizzle as drizzleProxy } from 'drizzle-orm/pg-proxy'
import { migrate as migrateProxy } from 'drizzle-orm/pg-proxy/migrator'
import pg from 'pg'
import { RaingaugeError } from '../lib/error.ts'
import { withClient } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import type { Verdict } from '../lib/finding.ts'
import type { Run } from '../lib/run.ts'
import { startEmbeddedServer } from '../lib/scratch/embedded-server.ts'
import { EMBEDDED_MAJORS, findServerBinaries } from '../lib/scratch/server-binaries.ts'
import { Secret } from '../lib/secret.ts'
import { runPairs } from './corpus-pairs.ts'
import { runScript } from './db/run-script.ts'

const USAGE =
  'npm run corpus -- [FOLDER with drizzle/cosmo and drizzle/autumn] [--pairs FOLDER of folders with a.sql and b.sql] [--majors 15,16,17,18]'

type Corpus = {
  name: string
  /** What must be there before the first migration. */
  extensions: string[]
  /** False where migrations hold CREATE INDEX CONCURRENTLY, so that only a migrator without a transaction can have run them. */
  transaction: boolean
}

const CORPORA: Corpus[] = [
  { name: 'cosmo', extensions: [], transaction: true },
  { name: 'autumn', extensions: ['pg_trgm'], transaction: false },
]

await runScript(async () => {
  const { folder, majors, pairs: own } = parseArguments(process.argv.slice(2))
  if (own !== undefined) {
    let good = true
    for (const major of majors) good = (await runPairs(own, major)) && good
    return good ? 0 : 1
  }
  const found = CORPORA.filter(({ name }) => existsSync(join(folder, 'drizzle', name)))
  if (found.length === 0) {
    process.stdout.write(`no corpora at ${folder}: nothing was run (usage: ${USAGE})\n`)
    return 0
  }
  let clean = true
  for (const major of majors) {
    for (const corpus of found) clean = (await runCorpus(corpus, join(folder, 'drizzle', corpus.name), major)) && clean
  }
  if (existsSync(join(folder, 'drizzle', 'latitude'))) {
    process.stdout.write(
      'latitude: not run: its live side needs the extension vector, which the embedded server does not have\n',
    )
  }
  const pairs = join(folder, 'schema-pairs', 'migra')
  if (existsSync(pairs)) for (const major of majors) clean = (await runPairs(pairs, major)) && clean
  return clean ? 0 : 1
})

async function runCorpus(corpus: Corpus, folder: string, major: number): Promise<boolean> {
  const server = await startEmbeddedServer(findServerBinaries(major), { tcpPassword: new Secret('corpus') })
  const store = await mkdtemp(join(tmpdir(), 'raingauge-corpus-'))
  try {
    const target = await server.createDatabase('live')
    const applied = await timed(() => apply(corpus, folder, target))
    const first = await timed(() => check(folder, target, store))
    const second = await timed(() => check(folder, target, store))
    const verdicts = [...first.value.verdicts, ...second.value.verdicts]
    const wrong = verdicts.filter(({ check: name, status }) => name !== 'folder' && status !== 'clean')
    const seconds = `apply ${applied.seconds} s, check with replay ${first.seconds} s, with cached baseline ${second.seconds} s`
    const folderStatus = verdicts.find(({ check: name }) => name === 'folder')?.status
    const outcome = wrong.length === 0 ? 'ledger and schema clean' : 'NOT CLEAN'
    process.stdout.write(
      `${corpus.name} on Postgres ${server.version}: ${outcome}, folder ${folderStatus}; ${seconds}\n`,
    )
    for (const verdict of wrong) process.stdout.write(`${describeVerdict(verdict)}\n`)
    return wrong.length === 0
  } finally {
    await server.stop()
    await rm(store, { recursive: true, force: true })
  }
}

async function apply(corpus: Corpus, folder: string, target: Target): Promise<void> {
  await withClient(
    target,
    `applying ${corpus.name}`,
    async (client) => {
      for (const name of corpus.extensions) await client.query(`CREATE EXTENSION ${pg.escapeIdentifier(name)}`)
      if (corpus.transaction) return await migrate(drizzle(client), { migrationsFolder: folder })
      const database = drizzleProxy(async (query, values) => ({ rows: (await client.query(query, values)).rows }))
      const runAll = async (queries: string[]) => {
        for (const query of queries) await client.query(query)
      }
      await migrateProxy(database, runAll, { migrationsFolder: folder })
    },
    { queryTimeoutMs: 0 },
  )
}

/** The same check as a user's, from the outside. */
async function check(folder: string, target: Target, store: string): Promise<Run> {
  const { user, password, host, port, database } = target
  const child = spawn(
    process.execPath,
    ['bin/raingauge.ts', 'check', '--json', '--migrations', folder, '--store', store],
    {
      env: {
        PATH: process.env.PATH,
        HOME: store,
        DATABASE_URL_STAGING: `postgres://${user}:${password?.reveal()}@${host}:${port}/${database}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await new Promise((ended, reject) => {
    child.once('error', reject)
    child.once('close', ended)
  })
  try {
    return JSON.parse(stdout) as Run
  } catch (cause) {
    throw new Error(`raingauge check gave no JSON: ${stderr.trim().slice(-500)}`, { cause })
  }
}

function describeVerdict({ check: name, status, reason, findings }: Verdict): string {
  const lines = findings.slice(0, 20).map(({ kind, summary }) => `  ${kind}: ${summary}`)
  return [`  ${name}: ${status} ${reason ?? ''}`, ...lines, ...(findings.length > 20 ? ['  …'] : [])].join('\n')
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: string }> {
  const started = performance.now()
  const value = await work()
  return { value, seconds: ((performance.now() - started) / 1000).toFixed(1) }
}

function parseArguments(words: string[]): { folder: string; majors: number[]; pairs: string | undefined } {
  const options = { majors: { type: 'string', default: '17' }, pairs: { type: 'string' } } as const
  const { values, positionals } = parseArgs({ args: words, options, strict: false, allowPositionals: true })
  const majors = String(values.majors).split(',').map(Number)
  if (
    positionals.length > 1 ||
    Object.keys(values).some((name) => !Object.hasOwn(options, name)) ||
    majors.some((major) => !EMBEDDED_MAJORS.some((each) => each === major))
  ) {
    throw new RaingaugeError('usage', `usage: ${USAGE}`)
  }
  const pairs = typeof values.pairs === 'string' ? resolve(values.pairs) : undefined
  return { folder: resolve(positionals[0] ?? '../shared/corpora'), majors, pairs }
}
