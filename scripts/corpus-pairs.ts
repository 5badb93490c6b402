// Pairs of schemas that differ, with the SQL that another tool makes of it: `a.sql`, `b.sql`, `expected.sql`.
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withClient, withSnapshot } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import { objectKey, type Catalog } from '../lib/schema/catalog.ts'
import { diffCatalogs, objectOf, type Difference } from '../lib/schema/diff-catalogs.ts'
import { extractCatalog } from '../lib/schema/extract-catalog.ts'
import { inRepairOrder } from '../lib/schema/repair/repair-order.ts'
import { repairSteps } from '../lib/schema/repair/repair-of.ts'
import { startEmbeddedServer, type EmbeddedServer } from '../lib/scratch/embedded-server.ts'
import { findServerBinaries } from '../lib/scratch/server-binaries.ts'

/** Where `a.sql` with `expected.sql` is not meant to become `b.sql`, and why: filters and omissions of migra's own tests. */
const NOT_MEANT_TO: Record<string, string> = {
  excludeschema: 'made with --exclude_schema: what differs there stays',
  singleschema: 'made with --schema: what differs elsewhere stays',
  singleschema_ext: 'made with --schema: what differs elsewhere stays',
  everything:
    'it makes the sequences of serial columns without a type, and revokes from the owner what no GRANT had given',
  rls2: 'it makes the sequences of serial columns without a type',
  seq: 'it makes the sequences of serial columns without a type',
  inherit: 'it adds the columns of a parent to its children as their own',
  generated_added: 'it drops the expression of a column that has none, which the server refuses',
  privileges: 'it revokes from the owner what no GRANT had given',
}

const ROLE = `DO $$ BEGIN CREATE ROLE schemainspect_test_role; EXCEPTION WHEN duplicate_object THEN NULL; END $$`

/** Runs every pair on one server and says what came of it; false where a pair shows a fault of ours. */
export async function runPairs(folder: string, major: number): Promise<boolean> {
  const server = await startEmbeddedServer(findServerBinaries(major))
  const count = { pairs: 0, told: 0, turned: 0, repairable: 0, repaired: 0 }
  let good = true
  try {
    for (const name of (await readdir(folder)).toSorted()) {
      const complaints = await runPair(server, join(folder, name), name, count)
      if (complaints.length > 0) good = false
      for (const complaint of complaints) process.stdout.write(`  migra ${name}: ${complaint}\n`)
    }
  } finally {
    await server.stop()
  }
  process.stdout.write(
    `migra pairs on Postgres ${server.version}: ${count.told} of ${count.pairs} that build are told; ${count.turned} turned by their own SQL; ` +
      `${count.repaired} of ${count.repairable} with a repair for every difference are repaired\n`,
  )
  return good
}

async function runPair(
  server: EmbeddedServer,
  folder: string,
  name: string,
  count: { pairs: number; told: number; turned: number; repairable: number; repaired: number },
): Promise<string[]> {
  const text = async (file: string) => {
    const path = join(folder, file)
    return existsSync(path) ? await readFile(path, 'utf8') : ''
  }
  const [a, b, expected] = [await text('a.sql'), await text('b.sql'), await text('expected.sql')]
  const built = await Promise.all([build(server, [a]), build(server, [b])])
  const [from, to] = built
  if (typeof from === 'string' || typeof to === 'string') {
    process.stdout.write(
      `  migra ${name}: does not build (${built.filter((each) => typeof each === 'string').join('; ')})\n`,
    )
    return []
  }
  count.pairs++
  const complaints: string[] = []
  const differences = diffCatalogs(to, from)
  if (differences.length > 0 || a.trim() === b.trim()) count.told++
  else complaints.push('NOTHING IS TOLD')

  const turned = await build(server, [a, expected])
  const left = typeof turned === 'string' ? [turned] : diffCatalogs(to, turned).map(inWords)
  const reason = NOT_MEANT_TO[name]
  if (left.length === 0) count.turned++
  else if (reason !== undefined)
    process.stdout.write(`  migra ${name}: ${left.length} left after its own SQL: ${reason}\n`)
  else complaints.push(`LEFT AFTER ITS OWN SQL: ${left.join('; ')}`)

  const steps = inRepairOrder(differences).map((each) => repairSteps(each, 'database'))
  if (steps.some((each) => each === undefined)) return complaints
  count.repairable++
  const repaired = await build(server, [a, ...steps.flatMap((each) => each?.map(({ sql }) => sql) ?? [])])
  const still = typeof repaired === 'string' ? [repaired] : diffCatalogs(to, repaired).map(inWords)
  if (still.length === 0) count.repaired++
  else complaints.push(`NOT REPAIRED: ${still.join('; ')}`)
  return complaints
}

/** The catalog of a new database after these, or what the server said. */
async function build(server: EmbeddedServer, statements: string[]): Promise<Catalog | string> {
  const name = `pair_${Math.random().toString(36).slice(2)}`
  const target = await server.createDatabase(name)
  try {
    await apply(target, [ROLE, ...statements])
    return await withSnapshot(target, 'reading a pair', (client) => extractCatalog(client, { ledger: null }))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await server.dropDatabase(name)
  }
}

async function apply(target: Target, statements: string[]): Promise<void> {
  await withClient(target, 'building a pair', async (client) => {
    for (const statement of statements) await client.query(statement)
  })
}

function inWords(difference: Difference): string {
  const facts = difference.kind === 'changed' ? ` (${difference.attributes.join(', ')})` : ''
  return `${difference.kind} ${objectKey(objectOf(difference))}${facts}`
}
