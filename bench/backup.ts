// How long a backup takes against native pg_dump with its defaults, whole and to the end, each into a file of its own.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { wasmDump } from '../lib/archive/engine/wasm-dump.ts'
import { writeArchive } from '../lib/archive/write-archive.ts'
import type { Target } from '../lib/postgres/target.ts'
import { directoryStore } from '../lib/store/directory-store.ts'
import { archiveId } from '../lib/store/keys.ts'
import { compare, type Comparison } from './measure.ts'

/** Statements that make about so many megabytes of realistic rows: words, JSON, numbers, times. */
export function generatedRows(megabytes: number): string {
  return `
    CREATE TABLE public.events AS
      SELECT n AS id, md5(n::text) AS token, now() - n * interval '7 seconds' AS happened_at, n % 1000 AS user_id,
             jsonb_build_object('kind', (ARRAY['view', 'click', 'purchase'])[n % 3 + 1], 'path', '/items/' || n % 5000, 'price', (n % 977) * 1.07) AS payload,
             repeat((ARRAY['lorem ', 'ipsum ', 'dolor ', 'sit ', 'amet '])[n % 5 + 1], 12) || md5((n / 3)::text) AS note
      FROM generate_series(1, ${megabytes * 3500}) AS n;
    ALTER TABLE public.events ADD PRIMARY KEY (id);`
}

export async function compareBackups(target: Target, pgDump: string, rounds: number): Promise<Comparison> {
  const folder = await mkdtemp(join(tmpdir(), 'raingauge-bench-'))
  try {
    return await compare(
      'Backup, wall time',
      { name: 'raingauge (wasm, zstd, directory)', run: () => backUp(target, folder) },
      { name: 'native pg_dump -Fc', run: () => dumpNatively(target, pgDump, join(folder, 'native.dump')) },
      rounds,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function backUp(target: Target, folder: string): Promise<void> {
  const manifest = await writeArchive(
    { store: directoryStore(join(folder, 'store')), now: () => new Date() },
    {
      project: 'bench',
      environment: 'bench',
      id: archiveId(new Date(), randomBytes(4)),
      raingauge: 'bench',
      dump: wasmDump({ target }),
      server: { version: '0', database: target.database },
      catalog: null,
      ledger: null,
      roles: [],
    },
  )
  process.stderr.write(
    `  wrote ${(manifest.rawBytes / 1e6).toFixed(0)} MB raw, ${(manifest.storedBytes / 1e6).toFixed(0)} MB stored\n`,
  )
}

async function dumpNatively(target: Target, pgDump: string, file: string): Promise<void> {
  const { host, port, user, database, password } = target
  const child = spawn(pgDump, ['-Fc', '-h', host, '-p', String(port), '-U', user, '-d', database, '-f', file], {
    env: { ...process.env, PGPASSWORD: password?.reveal() ?? '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (status !== 0) throw new Error(`pg_dump exited with ${String(status)}`)
}
