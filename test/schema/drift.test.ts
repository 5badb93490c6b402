import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import type { Difference } from '../../lib/schema/difference.ts'
import { schemaFindings } from '../../lib/schema/schema-findings.ts'
import { execute, OLDEST_AND_NEWEST, serverTarget } from '../support/database.ts'
import { DRIFT_CASES, type DriftCase } from './drift-cases.ts'
import { PARTITION_CASES } from './drift-cases-partitions.ts'
import { STRUCTURE_CASES } from './drift-cases-structure.ts'
import { SURROUNDING_CASES } from './drift-cases-surroundings.ts'
import { PROOF_CASES } from './drift-cases-proof.ts'
import { catalogAfterAll, lookAlone, lookTogether, packCases, type Look } from './drift-looks.ts'
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

  const cases = CASES.filter(({ since = 0 }) => since <= major)
  const packs = packCases(cases)
  const together = new Map<DriftCase[], Promise<Look[] | undefined>>()
  const lookAt = async (one: DriftCase): Promise<Look> => {
    const pack = packs.find((each) => each.includes(one))!
    const subject = { client, planned, original }
    const looks = together.get(pack) ?? lookTogether(pack, subject)
    together.set(pack, looks)
    return (await looks)?.[pack.indexOf(one)] ?? (await lookAlone(one, subject))
  }

  beforeAll(async () => {
    await execute(serverTarget(major), `CREATE DATABASE ${name} TEMPLATE template0 STRATEGY FILE_COPY`)
    await client.connect()
    await client.query(ONE_OF_EVERYTHING)
    original = await catalogAfterAll({ client, planned }, [])
  })

  afterAll(async () => {
    await client.end()
    await execute(serverTarget(major), `DROP DATABASE ${name} WITH (FORCE)`)
  })

  test.each(cases)('$change', async (one) => {
    const { change, kind, subject, severity, says = '', offers = 'both' } = one
    const { differences, repair, adopt, leftByMigration } = await lookAt(one)
    const findings = schemaFindings('production', differences)
    expect(findings.map((each) => [each.kind, `${each.subject.class} ${each.subject.name}`, each.severity])).toEqual([
      [kind, subject, severity],
    ])
    expect(findings[0]?.summary).toContain(`${subject}: `)
    expect(findings[0]?.summary + (findings[0]?.actual ?? '')).toContain(says)
    expect(findings[0]?.expected).not.toBe(findings[0]?.actual)
    expect({ database: repair !== undefined, adopt: adopt !== undefined }).toEqual({
      database: offers === 'both' || offers === 'database',
      adopt: offers === 'both' || offers === 'adopt',
    })
    expect(leftByMigration).toEqual([])
    if (repair !== undefined) rounds.push({ change, statements: [change, ...(adopt ?? []), ...repair] })
  })

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
    return diffCatalogs(original, await catalogAfterAll({ client, planned }, statements))
  }
})
