// Everything that is measured on a generated schema of one size.
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Target } from '../lib/postgres/target.ts'
import type { Scratch } from '../lib/scratch/scratch.ts'
import { compareCatalogReads, compareToken } from './catalog-read.ts'
import { compareCompares, findPlanted, installedProgram, plantDifferences } from './compare-databases.ts'
import { fill } from './fill.ts'
import { generatedSchema, GRANTEE, PLANTED } from './generated-schema.ts'
import { compare, formatComparison, type Comparison } from './measure.ts'
import { compareChecks, schemaDump, withChecks } from './schema-check.ts'
import { withDistance } from './slow-proxy.ts'
import { peakMemory } from './peak-memory.ts'

export type Tools = {
  rounds: number
  pgDump: string | null
  pgDelta: string | null
  print: (text: string) => void
}

/** One way, in milliseconds: a round trip takes 40. */
const DISTANCE_MS = 20

/** Prints reads, checks and comparisons of a schema of so many tables, near and far. Throws where a planted difference is not found. */
export async function benchSchema(scratch: Scratch, major: number, tables: number, tools: Tools): Promise<void> {
  const { rounds, pgDump, print } = tools
  const what = `${tables} tables, Postgres ${major}`
  const statements = generatedSchema(tables)
  const show = async (comparison: Promise<Comparison>): Promise<void> => print(formatComparison(await comparison))
  await withDatabase(scratch, major, statements, async (target) => {
    await show(compareCatalogReads(target, what, rounds))
    await show(compareToken(target, what, rounds))
    await withFolder(statements, async (folder) => {
      await withChecks(scratch, folder, target, async ({ whole, unchanged, ledger }) => {
        const started = performance.now()
        await whole.run()
        print(`Check that replays its baseline, ${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`)
        if (pgDump === null) print('Check against pg_dump --schema-only: SKIPPED, no native pg_dump was found')
        else await show(compareChecks(whole, schemaDump(target, pgDump), what, rounds))
        await show(compare(`Check of an unchanged database, ${what}`, unchanged, whole, rounds))
        await show(compare(`What any check does first, ${what}`, ledger, whole, rounds))
      })
      await withDistance(target, DISTANCE_MS, async (far) => {
        const away = `${what}, ${DISTANCE_MS} ms away each way`
        await show(compareCatalogReads(far, away, rounds))
        await withChecks(scratch, folder, far, async ({ whole, unchanged }) => {
          await whole.run()
          // It asks for each table by itself: minutes, from afar.
          if (pgDump !== null && tables <= 100) await show(compareChecks(whole, schemaDump(far, pgDump), away, rounds))
          await show(compare(`Check of an unchanged database, ${away}`, unchanged, whole, rounds))
        })
      })
    })
    await withDatabase(scratch, major, statements, (other) => benchCompare(target, other, what, tools))
  })
  print(`Peak memory of this process so far: ${Math.round(peakMemory() / 1e6)} MB`)
}

async function benchCompare(
  target: Target,
  other: Target,
  what: string,
  { rounds, pgDelta, print }: Tools,
): Promise<void> {
  await plantDifferences(other)
  const program = await installedProgram()
  const { lost, findings } = await findPlanted(program, target, other)
  if (lost.length > 0) throw new Error(`planted and not found: ${lost.join(', ')}`)
  print(`Compare, ${what}: all ${PLANTED.length} planted differences found, in ${findings} findings`)
  if (pgDelta === null) print('Compare against pg-delta: SKIPPED, say where its program is (--pg-delta PATH)')
  else print(formatComparison(await compareCompares({ program, pgDelta }, target, other, rounds)))
}

/** As Drizzle would have deployed it, with its ledger. */
async function withDatabase(
  scratch: Scratch,
  major: number,
  statements: readonly string[],
  use: (target: Target) => Promise<void>,
): Promise<void> {
  await scratch.withDatabase(major, async (target) => {
    const ledger = `CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)`
    const rows = statements.map((text, index) => `('${hashOf(text)}', ${whenOf(index)})`)
    await fill(target, [
      `DO $$ BEGIN CREATE ROLE ${GRANTEE}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
      ...statements,
      ledger,
      `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ${rows.join(', ')}`,
      'VACUUM ANALYZE',
    ])
    await use(target)
  })
}

async function withFolder(statements: readonly string[], use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'raingauge-bench-'))
  try {
    await mkdir(join(folder, 'meta'))
    const entries = statements.map((_, idx) => ({
      idx,
      version: '7',
      when: whenOf(idx),
      tag: tagOf(idx),
      breakpoints: true,
    }))
    await writeFile(
      join(folder, 'meta', '_journal.json'),
      JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
    )
    for (const [index, text] of statements.entries()) await writeFile(join(folder, `${tagOf(index)}.sql`), text)
    await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function tagOf(index: number): string {
  return `${String(index).padStart(4, '0')}_bench`
}

function whenOf(index: number): number {
  return 1_700_000_000_000 + index * 60_000
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
