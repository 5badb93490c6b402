// What a backup takes against native pg_dump, whole and to the end, each in a process and into a file of its own.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Target } from '../lib/postgres/target.ts'
import type { Spent } from './backup-once.ts'
import { bundleBackup } from './bundle-backup.ts'

const WORDS = `ARRAY['account', 'the', 'order', 'of', 'shipping', 'a', 'delivered', 'payment', 'and', 'customer', 'refund', 'in', 'review', 'item', 'was', 'please',
  'warehouse', 'to', 'invoice', 'on', 'Berlin', 'March', 'support', 'not', 'thank', 'quickly', 'größer', 'naïve', 'quarter', 'with', 'tomorrow', 'return']`
const word = `(w)[1 + (random() * 31)::int]`

/**
 * Statements that make so many megabytes of archive, about: narrow rows of numbers, events with JSON and words, and long documents.
 * Random, so that they compress as real ones do: to a fifth or so.
 */
export function generatedRows(megabytes: number): string[] {
  const words = (count: number) => Array.from({ length: count }, () => word).join(` || ' ' || `)
  return [
    `SELECT setseed(0.5)`,
    `CREATE TABLE public.accounts AS
       SELECT n AS id, n % 100 AS branch, (random() * 100000)::int AS balance, repeat(' ', 60) AS filler FROM generate_series(1, ${megabytes * 2500}) n`,
    `CREATE TABLE public.events AS
       SELECT n AS id, gen_random_uuid() AS token, now() - n * interval '7.3 seconds' AS happened_at, (random() * 50000)::int AS account,
         jsonb_build_object('kind', (ARRAY['view', 'click', 'purchase'])[1 + (random() * 2)::int], 'path', '/items/' || (random() * 5000)::int,
           'price', round((random() * 500)::numeric, 2), 'note', ${words(6)}, 'tags', jsonb_build_array(${word}, ${word})) AS payload,
         ${words(16)} AS message
       FROM generate_series(1, ${megabytes * 1100}) n, (SELECT ${WORDS} AS w) x`,
    `CREATE TABLE public.documents AS
       SELECT n AS id, array_to_string(ARRAY(SELECT ${words(8)} FROM generate_series(1, 120 + n % 7)), ' ') AS body
       FROM generate_series(1, ${megabytes * 25}) n, (SELECT ${WORDS} AS w) x`,
    `ALTER TABLE public.accounts ADD PRIMARY KEY (id)`,
    `ALTER TABLE public.events ADD PRIMARY KEY (id)`,
    `VACUUM ANALYZE`,
  ]
}

/** Milliseconds of wall time, seconds of CPU, megabytes. */
type Taken = { wall: number; user: number; system: number; stored: number; peak?: number; besides?: number | null }

const ONCE = fileURLToPath(new URL('backup-once.ts', import.meta.url))
const OURS = 'raingauge, bundled'
const CHECKOUT = 'raingauge, from a checkout'
const ZSTD = 'native -Fc -Z zstd:3'
const DEFAULT = 'native -Fc'
/** `-Z zstd:3` came with pg_dump 16. */
const KNOWS_ZSTD = 16

/** The ways in turn, for so many rounds, in lines of text: medians, and the median of the ratios of each round. */
export async function benchBackups(
  target: Target,
  pgDump: { path: string; major: number },
  rounds: number,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'raingauge-bench-'))
  const file = join(folder, 'native.dump')
  try {
    const bundle = await bundleBackup(join(folder, 'bundle'))
    const ways = new Map<string, () => Promise<Taken>>([
      [OURS, () => backUp(bundle, target, join(folder, 'store'))],
      [CHECKOUT, () => backUp(ONCE, target, join(folder, 'store'))],
      ...(pgDump.major < KNOWS_ZSTD
        ? []
        : ([[ZSTD, () => dumpNatively(target, pgDump.path, file, ['-Z', 'zstd:3'])]] as const)),
      [DEFAULT, () => dumpNatively(target, pgDump.path, file, [])],
    ])
    const taken = new Map<string, Taken[]>()
    for (let round = 0; round <= rounds; round++) {
      for (const [name, way] of ways) {
        const one = await way()
        // The first round only warms up.
        if (round > 0) taken.set(name, [...(taken.get(name) ?? []), one])
      }
    }
    return describe(taken)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const cpu = (one: Taken) => one.user + one.system

function describe(taken: Map<string, Taken[]>): string {
  const ours = taken.get(OURS) ?? []
  const lines = [...taken].map(([name, all]) => {
    const of = (pick: (one: Taken) => number) => median(all.map(pick))
    const ratio = (pick: (one: Taken) => number) =>
      median(ours.map((one, round) => pick(one) / pick(all[round] ?? one))).toFixed(2)
    const ratios =
      name === OURS
        ? `peak ${of((one) => one.peak ?? 0).toFixed(0)} MB, on disk besides the archive ${(all[0]?.besides ?? Number.NaN).toFixed(1)} MB`
        : `ours to it: wall ${ratio((one) => one.wall)}, CPU ${ratio(cpu)}, size ${ratio((one) => one.stored)}`
    return `  ${name.padEnd(26)} ${of((one) => one.wall)
      .toFixed(0)
      .padStart(
        7,
      )} ms, user ${of((one) => one.user).toFixed(1)} s, system ${of((one) => one.system).toFixed(1)} s, ${of((one) => one.stored).toFixed(1)} MB; ${ratios}`
  })
  return ['Backup, client processes alone', ...lines].join('\n')
}

/** Megabytes of memory at the peak of one backup: to be held against that of a database of another size. */
export async function peakOfBackup(target: Target): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'raingauge-bench-'))
  try {
    return (await backUp(await bundleBackup(join(folder, 'bundle')), target, join(folder, 'store'))).peak ?? Number.NaN
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function backUp(program: string, target: Target, folder: string): Promise<Taken> {
  const { wall, output } = await timed(process.execPath, [program, urlOf(target), folder], {})
  await rm(folder, { recursive: true, force: true })
  const spent = JSON.parse(output) as Spent
  return {
    wall,
    user: spent.userSeconds,
    system: spent.systemSeconds,
    stored: spent.storedBytes / 1e6,
    peak: spent.peakBytes / 1e6,
    besides: spent.diskBytes === null ? null : (spent.diskBytes - spent.storedBytes) / 1e6,
  }
}

async function dumpNatively(target: Target, pgDump: string, file: string, more: string[]): Promise<Taken> {
  const { host, port, user, database, password } = target
  const words = [pgDump, '-Fc', ...more, '-h', host, '-p', String(port), '-U', user, '-d', database, '-f', file]
  // POSIX, `times`: the second line is of the children.
  const { wall, output } = await timed('sh', ['-c', '"$@" && times', 'sh', ...words], {
    PGPASSWORD: password?.reveal() ?? '',
  })
  const [userSeconds = 0, systemSeconds = 0] = [...(output.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  )
  return { wall, user: userSeconds, system: systemSeconds, stored: (await stat(file)).size / 1e6 }
}

async function timed(program: string, words: string[], more: Record<string, string>) {
  const started = performance.now()
  const child = spawn(program, words, { env: { ...process.env, ...more }, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  if (status !== 0) throw new Error(`${program} exited with ${String(status)}`)
  return { wall: performance.now() - started, output }
}

function urlOf({ host, port, user, database, password }: Target): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password.reveal())}`
  return `postgres://${user}${secret}@${encodeURIComponent(host)}:${port}/${database}?sslmode=disable`
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
