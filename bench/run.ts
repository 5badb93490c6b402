// npm run bench [-- --megabytes 300 --tables 100,1000,4000 --rounds 5 --pg-delta PATH]: ratios against a peer measured in the same run.
// `--tables none` leaves schemas out, `--megabytes 0` archives. `--only functions`: what is deployed, and what a month of it costs.
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { RaingaugeError } from '../lib/error.ts'
import type { Scratch } from '../lib/scratch/scratch.ts'
import { withScratch } from '../lib/scratch/scratch.ts'
import { EMBEDDED_MAJORS } from '../lib/scratch/server-binaries.ts'
import { runScript } from '../scripts/db/run-script.ts'
import { benchBackups, generatedRows, peakOfBackup } from './backup.ts'
import { benchFunctions } from './functions.ts'
import { benchRestore } from './restore.ts'
import { benchSchema } from './schema.ts'
import { fill } from './fill.ts'

const USAGE =
  'npm run bench -- [--megabytes 300] [--tables 100,1000,4000] [--rounds 5] [--only functions] [--pg-delta PATH of the program]'

const NEWEST = Math.max(...EMBEDDED_MAJORS)

type Request = ReturnType<typeof parseArguments>

await runScript(async () => {
  const request = parseArguments(process.argv.slice(2))
  const { megabytes, rounds, only } = request
  await benchFunctions({ major: NEWEST, megabytes: Math.max(megabytes, 1), rounds, print })
  if (only === undefined) await withScratch((scratch) => benchAll(scratch, request))
  return 0
})

function parseArguments(words: string[]) {
  const options = {
    megabytes: { type: 'string', default: '300' },
    tables: { type: 'string', default: '100,1000,4000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    /** Installed somewhere else: npm install @supabase/pg-delta in an empty folder. */
    'pg-delta': { type: 'string' },
  } as const
  const { values, positionals } = parseArgs({ args: words, options, strict: false, allowPositionals: true })
  const { only, 'pg-delta': pgDelta } = values
  const [megabytes, rounds] = [Number(values.megabytes), Number(values.rounds)]
  const tables = values.tables === 'none' ? [] : String(values.tables).split(',').map(Number)
  if (
    positionals.length > 0 ||
    Object.keys(values).some((name) => !Object.hasOwn(options, name)) ||
    [megabytes, rounds, ...tables].some(Number.isNaN) ||
    (only !== undefined && only !== 'functions')
  ) {
    throw new RaingaugeError('usage', `usage: ${USAGE}`)
  }
  return { megabytes, rounds, tables, only, pgDelta: typeof pgDelta === 'string' ? pgDelta : null }
}

type Native = NonNullable<ReturnType<typeof nativePgDump>>

async function benchAll(scratch: Scratch, { megabytes, rounds, tables, pgDelta }: Request): Promise<void> {
  const native = nativePgDump()
  const major = Math.min(native?.major ?? NEWEST, NEWEST)
  for (const each of tables) {
    await benchSchema(scratch, major, each, { rounds, pgDump: native?.path ?? null, pgDelta, print })
  }
  if (megabytes === 0) return
  if (native === null) {
    print('Backup, restore: SKIPPED, no native pg_dump and pg_restore of 15 or newer were found to measure against')
    return
  }
  await benchBackup(scratch, major, native, { megabytes, rounds })
  const tools = { pgDump: native.path, pgDumpMajor: native.major, pgRestore: 'pg_restore', rounds }
  print(await benchRestore(scratch, major, megabytes, tools))
}

async function benchBackup(
  scratch: Scratch,
  major: number,
  native: Native,
  { megabytes, rounds }: Pick<Request, 'megabytes' | 'rounds'>,
): Promise<void> {
  await scratch.withDatabase(major, async (target) => {
    await fill(target, generatedRows(megabytes))
    const title = `native is pg_dump ${native.version}, server ${major}`
    print(`${await benchBackups(target, native, rounds)}\n  (${title})`)
  })
  const tenth = Math.ceil(megabytes / 10)
  await scratch.withDatabase(major, async (target) => {
    await fill(target, generatedRows(tenth))
    print(`  peak of a backup of a tenth of that: ${(await peakOfBackup(target)).toFixed(0)} MB`)
  })
}

function nativePgDump(): { path: string; version: string; major: number } | null {
  try {
    const version = /(\d+)\.\S+/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))
    if (version === null) return null
    const major = Number(version[1])
    return major < Math.min(...EMBEDDED_MAJORS) ? null : { path: 'pg_dump', version: version[0], major }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`)
}
