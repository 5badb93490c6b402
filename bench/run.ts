// npm run bench [-- --megabytes 300 --tables 500 --rounds 5]: ratios against a peer measured in the same run.
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { withClient } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import { withScratch } from '../lib/scratch/scratch.ts'
import { EMBEDDED_MAJORS } from '../lib/scratch/server-binaries.ts'
import { compareBackups, generatedRows } from './backup.ts'
import { compareCatalogReads } from './catalog-read.ts'
import { generatedSchema } from './generated-schema.ts'
import { formatComparison } from './measure.ts'

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '300' },
    tables: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '5' },
  },
})
const [megabytes, tables, rounds] = [Number(values.megabytes), Number(values.tables), Number(values.rounds)]

const NEWEST = Math.max(...EMBEDDED_MAJORS)

await withScratch(async (scratch) => {
  await scratch.withDatabase(NEWEST, async (target) => {
    await fill(target, generatedSchema(tables))
    print(formatComparison(await compareCatalogReads(target, tables, rounds)))
  })
  const native = nativePgDump()
  if (native === null) {
    print('Backup: skipped, no native pg_dump of 15 or newer was found to measure against')
    return
  }
  await scratch.withDatabase(Math.min(native.major, NEWEST), async (target) => {
    await fill(target, generatedRows(megabytes))
    const title = `native is pg_dump ${native.version}, server ${Math.min(native.major, NEWEST)}`
    print(`${formatComparison(await compareBackups(target, native.path, rounds))}\n  (${title})`)
  })
})

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

async function fill(target: Target, statements: string): Promise<void> {
  await withClient(target, 'filling the bench database', (client) => client.query(statements), {
    queryTimeoutMs: 600_000,
  })
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`)
}
