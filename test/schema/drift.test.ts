import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Queryable } from '../../lib/postgres/client.ts'
import type { Catalog } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import type { Difference } from '../../lib/schema/difference.ts'
import { extractCatalog } from '../../lib/schema/extract-catalog.ts'
import { repairSteps } from '../../lib/schema/repair/repair-of.ts'
import { schemaFindings } from '../../lib/schema/schema-findings.ts'
import { execute, OLDEST_AND_NEWEST, serverTarget } from '../support/database.ts'
import { DRIFT_CASES } from './drift-cases.ts'
import { PARTITION_CASES } from './drift-cases-partitions.ts'
import { STRUCTURE_CASES } from './drift-cases-structure.ts'
import { SURROUNDING_CASES } from './drift-cases-surroundings.ts'
import { PROOF_CASES } from './drift-cases-proof.ts'
import { withKeptPlans } from './kept-plans.ts'
import { ONE_OF_EVERYTHING } from './one-of-everything.ts'

const CASES = [...DRIFT_CASES, ...STRUCTURE_CASES, ...SURROUNDING_CASES, ...PARTITION_CASES, ...PROOF_CASES]

/** Changes that are made and repaired between two looks at the whole catalog. */
const ROUNDS_AT_ONCE = 20

// Each change, each repair, happens in a transaction of the one database, which sees its own catalog and is rolled back.
describe.each(OLDEST_AND_NEWEST)('on Postgres %i, one change by hand', (major) => {
  const name = `drift_${randomBytes(6).toString('hex')}`
  const { host, port, user, password, database } = serverTarget(major, name)
  const client = new pg.Client({ host, port, user, password: password?.reveal(), database, pipeline: true })
  const planned = withKeptPlans(client)
  const rounds: { change: string; statements: string[] }[] = []
  let original: Catalog

  beforeAll(async () => {
    await execute(serverTarget(major), `CREATE DATABASE ${name} TEMPLATE template0 STRATEGY FILE_COPY`)
    await client.connect()
    await client.query(ONE_OF_EVERYTHING)
    original = await undone(client, () => read(planned))
  })

  afterAll(async () => {
    await client.end()
    await execute(serverTarget(major), `DROP DATABASE ${name} WITH (FORCE)`)
  })

  test.each(CASES.filter(({ since = 0 }) => since <= major))(
    '$change',
    async ({ change, kind, subject, severity, says = '', offers = 'both' }) => {
      const changed = await undone(client, async () => {
        await client.query(change)
        return await read(planned)
      })
      const differences = diffCatalogs(original, changed)
      const findings = schemaFindings('production', differences)
      expect(findings.map((each) => [each.kind, `${each.subject.class} ${each.subject.name}`, each.severity])).toEqual([
        [kind, subject, severity],
      ])
      expect(findings[0]?.summary).toContain(`${subject}: `)
      expect(findings[0]?.summary + (findings[0]?.actual ?? '')).toContain(says)
      expect(findings[0]?.expected).not.toBe(findings[0]?.actual)

      const [difference] = differences as [Difference]
      const repair = inTransaction(repairSteps(difference, 'database'))
      const adopt = inTransaction(repairSteps(difference, 'migration'))
      expect({ database: repair !== undefined, adopt: adopt !== undefined }).toEqual({
        database: offers === 'both' || offers === 'database',
        adopt: offers === 'both' || offers === 'adopt',
      })
      // Once where the code is still the old one. Where the database is so already it is tried with the repair, if there is one.
      const starts = adopt === undefined ? [] : repair === undefined ? [[], [change]] : [[]]
      for (const start of starts) {
        const adopted = await undone(client, () => after(client, planned, [...start, ...(adopt ?? [])]))
        expect(diffCatalogs(changed, adopted)).toEqual([])
      }
      if (repair !== undefined) rounds.push({ change, statements: [change, ...(adopt ?? []), ...repair] })
    },
  )

  // Many rounds share one look; where it finds something left, they are tried one by one, so that the one at fault is named.
  test('each migration does nothing where it is so already, and each repair brings back what was', async () => {
    expect(rounds.length).toBeGreaterThan(100)
    for (let first = 0; first < rounds.length; first += ROUNDS_AT_ONCE) {
      const some = rounds.slice(first, first + ROUNDS_AT_ONCE)
      if ((await leftAfter(some.flatMap(({ statements }) => statements))).length === 0) continue
      for (const { change, statements } of some)
        expect({ change, left: await leftAfter(statements) }).toMatchObject({ left: [] })
      expect.fail(
        `each of ${some.map(({ change }) => change).join(' | ')} is undone by itself, but not after the others`,
      )
    }
  })

  async function leftAfter(statements: string[]): Promise<Difference[]> {
    return diffCatalogs(original, await undone(client, () => after(client, planned, statements)))
  }
})

async function undone<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query(`BEGIN; SET LOCAL search_path = ''`)
  try {
    return await work()
  } finally {
    await client.query('ROLLBACK')
  }
}

async function after(client: pg.Client, planned: Queryable, statements: string[]): Promise<Catalog> {
  for (const statement of statements) {
    await client.query(statement).catch((cause: unknown) => {
      throw new Error(`${String(cause)} in ${statement}`, { cause })
    })
  }
  return await read(planned)
}

async function read(client: Queryable): Promise<Catalog> {
  return await extractCatalog(client, { ledger: null })
}

/** What cannot be in a transaction is tried without one in repair.test.ts. */
function inTransaction(steps: ReturnType<typeof repairSteps>): string[] | undefined {
  return steps?.map(({ sql }) => sql.replace(/ INDEX CONCURRENTLY /, ' INDEX '))
}
