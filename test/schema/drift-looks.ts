// Looks at many changes by hand in few reads of the whole catalog: changes that have nothing to do with one another are made together.
import type pg from 'pg'
import type { Queryable } from '../../lib/postgres/client.ts'
import type { Catalog } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import type { Difference } from '../../lib/schema/difference.ts'
import { extractCatalog } from '../../lib/schema/extract-catalog.ts'
import { repairSteps } from '../../lib/schema/repair/repair-of.ts'
import { schemaFindings } from '../../lib/schema/schema-findings.ts'
import type { DriftCase } from './drift-cases.ts'

/** What one change is told as, and what is offered for it. */
export type Look = {
  differences: Difference[]
  repair: string[] | undefined
  adopt: string[] | undefined
  /** Between the changed database and those that the migration was applied to: the original, and where there is a repair too the changed one. */
  leftByMigration: Difference[]
}

/** The database with one of everything, as it was and as it can be changed, for as long as a transaction lasts. */
export type Subject = { client: pg.Client; planned: Queryable; original: Catalog }

/** With more at once, one that clashes costs more looks than the others save. */
const MOST_AT_ONCE = 10

/** Cases that may be made together: each of another object, and with the same repairs on offer. */
export function packCases(cases: readonly DriftCase[]): DriftCase[][] {
  const packs: DriftCase[][] = []
  for (const each of cases) {
    const fitting = packs.find(
      (pack) =>
        pack.length < MOST_AT_ONCE && pack[0]?.offers === each.offers && !pack.some((other) => clash(each, other)),
    )
    if (fitting === undefined) packs.push([each])
    else fitting.push(each)
  }
  return packs
}

/** A change of all that is in a schema is another one where something else came or went. */
const OF_MANY = / ALL \w+ IN SCHEMA /

function clash(one: DriftCase, other: DriftCase): boolean {
  if (OF_MANY.test(one.change) || OF_MANY.test(other.change)) return true
  const [object, otherObject] = [objectOf(one), objectOf(other)]
  return object === otherObject || other.change.includes(object) || one.change.includes(otherObject)
}

/** `app.users` for a column of it, `app.total` for a function; the whole subject where it has no schema. */
function objectOf({ subject }: DriftCase): string {
  return /(?<object>\w+\.(?:"[^"]+"|[^.(" ]+))/.exec(subject)?.groups?.['object'] ?? subject
}

/**
 * The look at each of the pack. undefined unless each case is told exactly once, no more is told, and the migrations leave nothing: then each must be
 * looked at alone, so that the one at fault is named.
 */
export async function lookTogether(pack: readonly DriftCase[], subject: Subject): Promise<Look[] | undefined> {
  if (pack.length === 1) return undefined
  try {
    const { shares, left } = await look(pack, subject, (all) =>
      pack.map((each) => all.filter((difference) => subjectOf(difference) === each.subject)),
    )
    const told = shares.map(({ differences }) => differences.length)
    return left.length === 0 && told.every((count) => count === 1) ? shares : undefined
  } catch {
    // Not even to be made together: whoever looks at each alone hears of what fails there.
    return undefined
  }
}

/** The look at one change, whatever it is told as. Throws what a statement throws. */
export async function lookAlone(one: DriftCase, subject: Subject): Promise<Look> {
  const { shares, left } = await look([one], subject, (all) => [all])
  return { ...shares[0]!, leftByMigration: left }
}

async function look(
  cases: readonly DriftCase[],
  subject: Subject,
  share: (all: Difference[]) => Difference[][],
): Promise<{ shares: Look[]; left: Difference[] }> {
  const changes = cases.map(({ change }) => change)
  const changed = await catalogAfterAll(subject, changes)
  const all = diffCatalogs(subject.original, changed)
  const shares = share(all).map((differences): Look => {
    const [first] = differences
    const offered = (purpose: 'database' | 'migration') =>
      first === undefined ? undefined : inTransaction(repairSteps(first, purpose))
    return { differences, repair: offered('database'), adopt: offered('migration'), leftByMigration: [] }
  })
  // What nobody is told of is left over too.
  const left = all.filter((difference) => !shares.some(({ differences }) => differences.includes(difference)))
  const adopts = shares.map(({ adopt }) => adopt)
  if (adopts.some((adopt) => adopt === undefined)) return { shares, left }
  // Once where the code is still the old one. Where the database is so already it is tried with the repair, if there is one.
  const starts = shares.every(({ repair }) => repair !== undefined) ? [[], changes] : [[]]
  for (const start of starts) {
    const adopted = await catalogAfterAll(subject, [...start, ...adopts.flatMap((adopt) => adopt ?? [])])
    left.push(...diffCatalogs(changed, adopted))
  }
  return { shares, left }
}

/** The catalog once these statements ran, which are taken back. */
export async function catalogAfterAll(
  { client, planned }: Pick<Subject, 'client' | 'planned'>,
  statements: readonly string[],
): Promise<Catalog> {
  await client.query(`BEGIN; SET LOCAL search_path = ''`)
  try {
    for (const statement of statements) {
      await client.query(statement).catch((cause: unknown) => {
        throw new Error(`${String(cause)} in ${statement}`, { cause })
      })
    }
    return await extractCatalog(planned, { ledger: null })
  } finally {
    await client.query('ROLLBACK')
  }
}

function subjectOf(difference: Difference): string | undefined {
  const [finding] = schemaFindings('production', [difference])
  return finding && `${finding.subject.class} ${finding.subject.name}`
}

/** What cannot be in a transaction is tried without one in repair.test.ts. */
function inTransaction(steps: ReturnType<typeof repairSteps>): string[] | undefined {
  return steps?.map(({ sql }) => sql.replace(/ INDEX CONCURRENTLY /, ' INDEX '))
}
