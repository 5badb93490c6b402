// npm run bench [-- --megabytes 300 --tables 100,1000,4000 --rounds 5 --pg-delta PATH]: ratios against a peer measured in the same run.
// `--tables none` leaves schemas out, `--megabytes 0` archives. `--only functions`: what is deployed, and what a month of it costs.
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import type { Scratch } from '../lib/scratch/scratch.ts'
import { withScratch } from '../lib/scratch/scratch.ts'
import { EMBEDDED_MAJORS } from '../lib/scratch/server-binaries.ts'
import { benchBackups, generatedRows, peakOfBackup } from './backup.ts'
import { benchFunctions } from './functions.ts'
import { benchRestore } from './restore.ts'
import { benchSchema } from './schema.ts'
import { fill } from './fill.ts'

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '300' },
    tables: { type: 'string', default: '100,1000,4000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    /** Path of the program `pgdelta`, installed somewhere else: npm install @supabase/pg-delta in an empty folder. */
    'pg-delta': { type: 'string' },
  },
})
const [megabytes, rounds] = [Number(values.megabytes), Number(values.rounds)]

const NEWEST = Math.max(...EMBEDDED_MAJORS)
const native = nativePgDump()

if (values.only !== undefined && values.only !== 'functions')
  throw new Error(`--only ${values.only}: there is only functions`)

await benchFunctions({ major: NEWEST, megabytes: Math.max(megabytes, 1), rounds, print })
if (values.only !== 'functions') await withScratch(benchAll)

async function benchAll(scratch: Scratch): Promise<void> {
  const major = Math.min(native?.major ?? NEWEST, NEWEST)
  for (const tables of values.tables === 'none' ? [] : values.tables.split(',').map(Number)) {
    const tools = { rounds, pgDump: native?.path ?? null, pgDelta: values['pg-delta'] ?? null, print }
    await benchSchema(scratch, major, tables, tools)
  }
  if (megabytes > 0) {
    await benchBackup(scratch, major)
    await benchRestores(scratch, major)
  }
}

async function benchBackup(scratch: Scratch, major: number): Promise<void> {
  if (native === null) {
    print('Backup: SKIPPED, no native pg_dump of 15 or newer was found to measure against')
    return
  }
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

async function benchRestores(scratch: Scratch, major: number): Promise<void> {
  if (native === null) {
    print('Restore: SKIPPED, no native pg_dump and pg_restore of 15 or newer were found to measure against')
    return
  }
  const tools = { pgDump: native.path, pgDumpMajor: native.major, pgRestore: 'pg_restore', rounds }
  print(await benchRestore(scratch, major, megabytes, tools))
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
