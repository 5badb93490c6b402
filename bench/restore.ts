// How long it takes to have a database back: against native pg_restore, by one job and by two, and how fast an archive is read back.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { wasmDump } from '../lib/archive/engine/wasm-dump.ts'
import { writeArchive } from '../lib/archive/write-archive.ts'
import type { Target } from '../lib/postgres/target.ts'
import type { Scratch } from '../lib/scratch/scratch.ts'
import { directoryStore } from '../lib/store/directory-store.ts'
import { archiveId } from '../lib/store/keys.ts'
import { fill } from './fill.ts'
import type { RestoreSpent } from './restore-once.ts'

export type RestoreTools = { pgDump: string; pgDumpMajor: number; pgRestore: string; rounds: number }

const ONCE = fileURLToPath(new URL('restore-once.ts', import.meta.url))
const TABLES = 6
/** `-Z zstd:3` came with pg_dump 16. */
const KNOWS_ZSTD = 16

/** Several tables of realistic rows, with the indexes and the foreign keys that a restore must build. */
function severalTables(megabytes: number): string[] {
  const rows = Math.round((megabytes * 3500) / TABLES)
  return Array.from({ length: TABLES }, (_, table) => {
    const before = table === 0 ? '' : `ADD FOREIGN KEY (id) REFERENCES public.events_${table - 1},`
    return `
      CREATE TABLE public.events_${table} AS
        SELECT n AS id, md5(n::text) AS token, now() - n * interval '7 seconds' AS happened_at, n % 1000 AS user_id,
               jsonb_build_object('kind', (ARRAY['view', 'click', 'purchase'])[n % 3 + 1], 'path', '/items/' || n % 5000, 'price', (n % 977) * 1.07) AS payload,
               repeat((ARRAY['lorem ', 'ipsum ', 'dolor ', 'sit ', 'amet '])[n % 5 + 1], 12) || md5((n / 3)::text) AS note
        FROM generate_series(1, ${rows}) AS n;
      ALTER TABLE public.events_${table} ADD PRIMARY KEY (id);
      ALTER TABLE public.events_${table} ${before} ALTER COLUMN token SET NOT NULL;
      CREATE INDEX ON public.events_${table} (token); CREATE INDEX ON public.events_${table} (user_id, happened_at);`
  })
}

/** Fills a database, backs it up both ways, restores it in turn for so many rounds, and tells in lines of text. */
export async function benchRestore(
  scratch: Scratch,
  major: number,
  megabytes: number,
  tools: RestoreTools,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'raingauge-bench-'))
  const id = archiveId(new Date(), randomBytes(4))
  const native = join(folder, 'native.dump')
  try {
    await scratch.withDatabase(major, async (target) => {
      await fill(target, severalTables(megabytes))
      await backUp(target, folder, id)
      const compression = tools.pgDumpMajor >= KNOWS_ZSTD ? ['-Z', 'zstd:3'] : []
      await run(tools.pgDump, ['-Fc', ...compression, '-f', native, ...place(target)], target)
    })
    const taken = new Map<string, RestoreSpent[]>()
    const note = (name: string, spent: RestoreSpent) => taken.set(name, [...(taken.get(name) ?? []), spent])
    for (let round = 0; round < tools.rounds; round++) {
      note('verify', await once(['verify', folder, id, '-']))
      for (const jobs of [1, 2]) {
        await scratch.withDatabase(major, async (target) => {
          note(`raingauge, ${jobs} jobs`, await once(['restore', folder, id, urlOf(target), String(jobs)]))
        })
        await scratch.withDatabase(major, async (target) => {
          const words = ['--no-owner', '-j', String(jobs), ...place(target), native]
          note(`pg_restore, ${jobs} jobs`, await timed(tools.pgRestore, words, target))
        })
      }
    }
    return inWords(taken)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function inWords(taken: Map<string, RestoreSpent[]>): string {
  const lines = [...taken].map(([name, all]) => {
    const peak = Math.max(...all.map(({ peakBytes }) => peakBytes)) / 1e6
    const spent = `, CPU ${median(all.map(({ user }) => user)).toFixed(0)} + ${median(all.map(({ system }) => system)).toFixed(0)} ms`
    return `  ${name.padEnd(22)} ${median(all.map(({ wall }) => wall))
      .toFixed(0)
      .padStart(7)} ms${spent}${Number.isNaN(peak) ? '' : `, peak ${peak.toFixed(0)} MB`}`
  })
  const walls = (name: string) => taken.get(name)?.map(({ wall }) => wall) ?? []
  const ratio = (one: string, other: string) => {
    const ratios = walls(one).map((wall, round) => wall / (walls(other)[round] ?? Number.NaN))
    return `  ${one} / ${other}: ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`
  }
  const read = taken.get('verify')?.map(({ wall, rawBytes }) => rawBytes / 1000 / wall) ?? []
  return [
    'Restore',
    ...lines,
    ratio('raingauge, 1 jobs', 'pg_restore, 1 jobs'),
    ratio('raingauge, 2 jobs', 'pg_restore, 2 jobs'),
    ratio('pg_restore, 1 jobs', 'raingauge, 2 jobs'),
    ratio('raingauge, 1 jobs', 'raingauge, 2 jobs'),
    `  verify: ${median(read).toFixed(0)} MB/s of raw archive (best ${Math.max(...read).toFixed(0)})`,
  ].join('\n')
}

async function backUp(target: Target, folder: string, id: string): Promise<void> {
  await writeArchive(
    { store: directoryStore(folder), now: () => new Date() },
    {
      project: 'bench',
      environment: 'bench',
      id,
      raingauge: 'bench',
      dump: wasmDump({ target }),
      server: { version: '0', database: target.database },
      catalog: null,
      ledger: null,
      roles: [],
    },
  )
}

async function once(words: string[]): Promise<RestoreSpent> {
  return JSON.parse(await run(process.execPath, [ONCE, ...words])) as RestoreSpent
}

/** Another program, and what it used: `times` of the shell tells of its children (POSIX). */
async function timed(program: string, words: string[], target: Target): Promise<RestoreSpent> {
  const started = performance.now()
  const said = await run('/bin/sh', ['-c', '"$@" && times', 'sh', program, ...words], target)
  const wall = performance.now() - started
  const [user = Number.NaN, system = Number.NaN] = [
    ...(said.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g),
  ].map(([, minutes, seconds]) => (Number(minutes) * 60 + Number(seconds)) * 1000)
  return { wall, user, system, peakBytes: Number.NaN, rawBytes: 0 }
}

function place({ host, port, user, database }: Target): string[] {
  return ['-h', host, '-p', String(port), '-U', user, '-d', database]
}

/** Scratch servers listen on a socket folder. */
function urlOf({ host, port, user, password, database }: Target): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password.reveal())}`
  return `postgres://${encodeURIComponent(user)}${secret}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
}

async function run(program: string, words: string[], target?: Target): Promise<string> {
  const password = target?.password?.reveal()
  const child = spawn(program, words, {
    env: { ...process.env, ...(password === undefined ? {} : { PGPASSWORD: password }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status !== 0) throw new Error(`${program} exited with ${String(status)}`)
  return said
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
