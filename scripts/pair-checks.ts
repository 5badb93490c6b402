// What must hold of two schemas, whatever they are: pg_dump is asked for a second opinion, and every repair is run.
import { Readable } from 'node:stream'
import { streamedSource } from '../lib/archive/archive-source.ts'
import { restoreArchive } from '../lib/archive/restore-archive.ts'
import { wasmDump } from '../lib/archive/engine/wasm-dump.ts'
import { withClient, withSnapshot } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import { levelHomes, type Home } from '../lib/schema/access/level-homes.ts'
import { objectKey, type Catalog } from '../lib/schema/catalog.ts'
import { diffCatalogs } from '../lib/schema/diff-catalogs.ts'
import { objectOf, type Difference } from '../lib/schema/difference.ts'
import { extractCatalog } from '../lib/schema/extract-catalog.ts'
import { foldIdentity } from '../lib/schema/fold-identity.ts'
import { foldPublications } from '../lib/schema/fold-publications.ts'
import { foldRenames } from '../lib/schema/fold-renames.ts'
import { readLive } from '../lib/schema/read-live.ts'
import { allRepairs, type BothWays } from '../lib/schema/repair/all-repairs.ts'
import { inRepairOrder } from '../lib/schema/repair/repair-order.ts'
import { turnedDifference } from '../lib/schema/turned-difference.ts'
import { schemaFindings } from '../lib/schema/schema-findings.ts'
import { schemaText } from '../test/schema/dump-text.ts'

/** Two databases: what should be, and what is. Both are changed by the repairs. */
export type BuiltPair = { expected: Target; actual: Target; empty: Target }

export type PairOutcome = {
  /** Objects told to differ. */
  told: number
  /** Of those, what nobody suggests SQL for. */
  unrepaired: string[]
  /** Faults of ours, in words; the first word is their kind. */
  complaints: string[]
}

type Way = keyof BothWays

/** Looks at a pair from every side. `expected` becomes what is and `actual` what should be, as far as there are repairs. */
export async function checkPair({ expected, actual, empty }: BuiltPair): Promise<PairOutcome> {
  const [wanted, found] = [await homeOf(expected), await homeOf(actual)]
  const [should, is] = levelHomes(wanted, found)
  const raw = diffCatalogs(should, is)
  const differences = inRepairOrder(foldPublications(foldRenames(foldIdentity(raw))), should.objects)
  const catalogs = { expected: should, actual: is }
  const repairs = allRepairs(differences, catalogs)
  const complaints = schemaFindings('actual', differences, undefined, catalogs).flatMap(wrongWords)
  const [archive, other] = [await dumped(expected), await dumped(actual)]
  complaints.push(...secondOpinion(raw, schemaText(archive, expected), schemaText(other, actual)))

  complaints.push(...(await restored(archive, wanted.catalog, empty)))

  complaints.push(...(await repaired('database', differences, repairs, actual, wanted)))
  complaints.push(...(await repaired('adopt', differences, repairs, expected, found)))
  const unrepaired = differences.filter((each) => repairs.get(each)?.database === undefined).map(inWords)
  return { told: differences.length, unrepaired, complaints }
}

/** What a dump and a restore bring back must be the same. pg_dump is of the newest major: not all it writes an older server reads. */
async function restored(archive: Uint8Array[], should: Catalog, empty: Target): Promise<string[]> {
  try {
    await restoreArchive(streamedSource(Readable.from(archive)), empty, { owners: true })
  } catch (error) {
    return [`UNRESTORED: ${String(error)}`]
  }
  const moved = diffCatalogs(should, await catalogOf(empty)).filter((each) => !isNotKept(each))
  return moved.length > 0 ? [`RESTORED: ${moved.map(inWords).join('; ')}`] : []
}

/** pg_dump leaves the version of an extension to the server that it is restored on, and drops no schema that a new database has. */
function isNotKept(difference: Difference): boolean {
  if (difference.kind === 'unexpected') return objectKey(difference.actual.object) === 'schema public'
  return difference.kind === 'changed' && difference.attributes.join() === 'version'
}

async function dumped(target: Target): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of wasmDump({ target }).output) chunks.push(chunk)
  return chunks
}

/** What `compare` reads. */
async function homeOf(target: Target): Promise<Home> {
  return await withSnapshot(target, 'reading a pair', (client) => readLive(client, null))
}

/** The catalog as a check reads it. */
export async function catalogOf(target: Target): Promise<Catalog> {
  return await withSnapshot(target, 'reading a pair', (client) => extractCatalog(client, { ledger: null }))
}

function wrongWords({ summary, expected, actual, kind }: ReturnType<typeof schemaFindings>[number]): string[] {
  const shown = `${summary} ${expected ?? ''} ${actual ?? ''}`
  const empty = kind === 'schema.changed' && expected === actual
  return /undefined|\[object|NaN/.test(shown) || empty ? [`WORDS: ${summary}`] : []
}

/** Where pg_dump prints the same nothing may be told, and where it prints another text something must be. */
function secondOpinion(differences: readonly Difference[], should: string[], is: string[]): string[] {
  const other = [...should.filter((each) => !is.includes(each)), ...is.filter((each) => !should.includes(each))]
  if (differences.length === 0 && other.length > 0) return [`MISSED: ${other.slice(0, 4).join(' | ')}`]
  if (differences.length > 0 && other.length === 0) return [`FALSE: ${differences.map(inWords).join('; ')}`]
  return []
}

/** Runs all repairs there are: each must run, and what has one must be no difference any more. */
async function repaired(
  way: Way,
  differences: readonly Difference[],
  repairs: ReadonlyMap<Difference, BothWays>,
  target: Target,
  wanted: Home,
): Promise<string[]> {
  const ordered = way === 'database' ? differences : turnedOrder(differences, wanted.catalog.objects)
  const kind = way === 'database' ? 'REPAIR' : 'ADOPT'
  const complaints: string[] = []
  let without = 0
  await withClient(target, 'repairing a pair', async (client) => {
    for (const each of ordered) {
      const steps = repairs.get(each)?.[way]
      if (steps === undefined) without++
      for (const { sql } of steps ?? []) {
        try {
          await client.query(sql)
        } catch (error) {
          complaints.push(
            `${kind} fails: ${inWords(each)}: ${String(error)}: ${sql.replaceAll(/\s+/g, ' ').slice(0, 300)}`,
          )
          break
        }
      }
    }
  })
  if (complaints.length > 0) return complaints
  const left = diffCatalogs(...levelHomes(wanted, await homeOf(target)))
  if (left.length > 0 && without === 0) return [`${kind} leaves: ${left.map(inWords).join('; ')}`]
  if (left.length > differences.length * 4 && without > 0) return [`${kind} leaves more: ${left.length}`]
  return []
}

/** The same differences as a migration needs them. */
function turnedOrder(differences: readonly Difference[], wanted: Catalog['objects']): Difference[] {
  const back = new Map(differences.map((each) => [turnedDifference(each), each]))
  return inRepairOrder([...back.keys()], wanted).flatMap((each) => back.get(each) ?? [])
}

/** Such as `changed column public.users.email (default)`. */
export function inWords(difference: Difference): string {
  const facts = difference.kind === 'changed' ? ` (${difference.attributes.join(', ')})` : ''
  return `${difference.kind} ${objectKey(objectOf(difference))}${facts}`
}
