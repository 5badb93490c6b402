// Pairs of schemas that differ: `a.sql` is what is, `b.sql` what should be, `expected.sql` what another tool makes of it.
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { withClient } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import { diffCatalogs } from '../lib/schema/diff-catalogs.ts'
import { startEmbeddedServer, type EmbeddedServer } from '../lib/scratch/embedded-server.ts'
import { findServerBinaries } from '../lib/scratch/server-binaries.ts'
import { messageOf } from '../lib/error.ts'
import { catalogOf, checkPair, inWords } from './pair-checks.ts'

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

const ROLE = `CREATE ROLE schemainspect_test_role;`

type Count = { pairs: number; different: number; repairable: number; faulty: number; turned: number; told: number }

/** Runs every pair of a folder on one server and says what came of it; false where a pair shows a fault of ours, or there is none. */
export async function runPairs(folder: string, major: number): Promise<boolean> {
  const server = await startEmbeddedServer(findServerBinaries(major))
  const count: Count = { pairs: 0, different: 0, repairable: 0, faulty: 0, turned: 0, told: 0 }
  try {
    for (const name of (await readdir(folder)).toSorted()) {
      const complaints = await runPair(server, join(folder, name), count).catch((error: unknown) => [
        `CRASH: ${String(error)}`,
      ])
      if (complaints.length > 0) count.faulty++
      for (const complaint of complaints) process.stdout.write(`  ${name}: ${complaint}\n`)
    }
  } finally {
    await server.stop()
  }
  process.stdout.write(
    `pairs of ${basename(folder)} on Postgres ${server.version}: ${count.pairs} build, ${count.different} differ (${count.told} findings), ` +
      `${count.repairable} with a repair for every finding, ${count.turned} turned by their own SQL, ${count.faulty} FAULTY\n`,
  )
  return count.pairs > 0 && count.faulty === 0
}

async function runPair(server: EmbeddedServer, folder: string, count: Count): Promise<string[]> {
  const name = basename(folder)
  const text = async (file: string) => {
    const path = join(folder, file)
    return existsSync(path) ? await readFile(path, 'utf8') : undefined
  }
  const [a, b, expected] = [(await text('a.sql')) ?? '', (await text('b.sql')) ?? '', await text('expected.sql')]
  const databases = ['expected', 'actual', 'empty', 'turned'].map((each) => `pair_${each}`)
  try {
    const actual = await build(server, 'pair_actual', a)
    const target = await build(server, 'pair_expected', b)
    if (typeof actual === 'string' || typeof target === 'string') {
      const words = [actual, target].filter((each) => typeof each === 'string')
      process.stdout.write(`  ${name}: does not build (${words.join('; ')})\n`)
      return []
    }
    count.pairs++
    const complaints = expected === undefined ? [] : await turnedByItsOwn(server, name, target, a, expected, count)
    const outcome = await checkPair({ expected: target, actual, empty: await server.createDatabase('pair_empty') })
    count.told += outcome.told
    if (outcome.told > 0) count.different++
    if (outcome.unrepaired.length === 0) count.repairable++
    else process.stdout.write(`  ${name}: no repair: ${outcome.unrepaired.join('; ')}\n`)
    return [...complaints, ...outcome.complaints]
  } finally {
    for (const each of databases) await drop(server, each)
  }
}

/** What differs after the SQL that came with the pair. */
async function turnedByItsOwn(
  server: EmbeddedServer,
  name: string,
  target: Target,
  a: string,
  expected: string,
  count: Count,
): Promise<string[]> {
  const turned = await build(server, 'pair_turned', `${a}\n;${expected}`)
  const left =
    typeof turned === 'string'
      ? [turned]
      : diffCatalogs(await catalogOf(target), await catalogOf(turned)).map((each) => inWords(each))
  const reason = NOT_MEANT_TO[name]
  if (left.length === 0) count.turned++
  else if (reason !== undefined) process.stdout.write(`  ${name}: ${left.length} left after its own SQL: ${reason}\n`)
  else return [`LEFT after its own SQL: ${left.join('; ')}`]
  return []
}

/** A database with a subscription is not dropped before that is. */
async function drop(server: EmbeddedServer, name: string): Promise<void> {
  await withClient(server.target('postgres'), 'clearing a pair', async (client) => {
    const { rows } = await client.query<{ drop: string }>(
      `SELECT format('DROP SUBSCRIPTION %I', subname) AS drop FROM pg_subscription JOIN pg_database d ON d.oid = subdbid WHERE datname = $1`,
      [name],
    )
    if (rows.length === 0) return
    await withClient(server.target(name), 'clearing a pair', async (own) => {
      for (const each of rows) await own.query(each.drop)
    })
  })
  await server.dropDatabase(name)
}

/** A new database after these statements, or what the server said. */
async function build(server: EmbeddedServer, name: string, sql: string): Promise<Target | string> {
  const target = await server.createDatabase(name)
  try {
    await withClient(target, 'building a pair', (client) => client.query(onceForAll(`${ROLE}\n${sql}`)))
    return target
  } catch (error) {
    return messageOf(error)
  }
}

/** Roles are the server's: those of the pair before are there still. */
function onceForAll(sql: string): string {
  return sql.replaceAll(
    /(^|;)\s*(CREATE (?:ROLE|USER) +(?!MAPPING)[^;]+)(?=;)/gim,
    (_, before: string, made: string) =>
      `${before} DO $role$ BEGIN ${made}; EXCEPTION WHEN duplicate_object THEN NULL; END $role$`,
  )
}
