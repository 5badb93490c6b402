import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import type { Difference } from '../../lib/schema/difference.ts'
import { extractCatalog } from '../../lib/schema/extract-catalog.ts'
import { foldRenames } from '../../lib/schema/fold-renames.ts'
import { repairSteps } from '../../lib/schema/repair/repair-of.ts'
import { schemaFindings } from '../../lib/schema/schema-findings.ts'
import { execute, OLDEST_AND_NEWEST, serverTarget } from '../support/database.ts'
import { withKeptPlans } from './kept-plans.ts'
import { ONE_OF_EVERYTHING } from './one-of-everything.ts'
import { RENAME_CASES } from './rename-cases.ts'

const ONLY_IN_DDL = 'constraint, index, trigger, policy, rule, event trigger, statistics object, publication'.split(
  ', ',
)

// As in drift.test.ts: each in a transaction of the one database, rolled back.
describe.each(OLDEST_AND_NEWEST)('on Postgres %i', (major) => {
  const name = `renames_${randomBytes(6).toString('hex')}`
  const { host, port, user, password, database } = serverTarget(major, name)
  const client = new pg.Client({ host, port, user, password: password?.reveal(), database, pipeline: true })
  const planned = withKeptPlans(client)
  let original: Catalog

  beforeAll(async () => {
    await execute(serverTarget(major), `CREATE DATABASE ${name} TEMPLATE template0 STRATEGY FILE_COPY`)
    await client.connect()
    await client.query(ONE_OF_EVERYTHING)
    original = await after([])
  })

  afterAll(async () => {
    await client.end()
    await execute(serverTarget(major), `DROP DATABASE ${name} WITH (FORCE)`)
  })

  async function after(statements: string[]): Promise<Catalog> {
    await client.query(`BEGIN; SET LOCAL search_path = ''`)
    try {
      for (const statement of statements) await client.query(statement)
      return await extractCatalog(planned, { ledger: null })
    } finally {
      await client.query('ROLLBACK')
    }
  }

  const differencesAfter = async (statements: string[]): Promise<Difference[]> =>
    foldRenames(diffCatalogs(original, await after(statements)))

  const cases = major === OLDEST_AND_NEWEST[1] ? RENAME_CASES : RENAME_CASES.filter(({ onBoth }) => onBoth)

  test.each(cases)('$change', async ({ change, subject: [kind, expected, actual] }) => {
    const renamed = await after([change])
    const differences = foldRenames(diffCatalogs(original, renamed))
    const findings = schemaFindings('production', differences)
    expect(findings.map((each) => `${each.kind}: ${each.summary}`)).toEqual([
      `schema.renamed: ${kind} ${expected}: named ${actual} in production, and the same but for the name`,
    ])
    expect(findings[0]?.severity).toBe(ONLY_IN_DDL.includes(kind) ? 'warning' : 'critical')
    expect([findings[0]?.expected, findings[0]?.actual]).toEqual([`${kind} ${expected}`, `${kind} ${actual}`])
    expect(findings[0]?.repair?.hazards.length).toBeGreaterThan(0)
    const [repair, adopt] = (['database', 'migration'] as const).map((purpose) =>
      (repairSteps(differences[0]!, purpose) ?? []).map(({ sql }) => sql),
    )
    // In a database that is so already the migration does nothing, and in one that follows the old code it renames.
    expect(diffCatalogs(original, await after([change, ...(adopt ?? []), ...(repair ?? [])]))).toEqual([])
    expect(diffCatalogs(renamed, await after(adopt ?? []))).toEqual([])
  })

  test('several renames at once are told one by one', async () => {
    const differences = await differencesAfter([
      'ALTER TABLE app.users RENAME email TO mail',
      'ALTER TABLE app.teams RENAME TO groups',
      'ALTER INDEX app.users_mood_idx RENAME TO moods',
    ])
    expect(differences.map((each) => each.kind)).toEqual(['renamed', 'renamed', 'renamed'])
  })

  test('a schema is renamed with all that is in it', async () => {
    const differences = await differencesAfter(['ALTER SCHEMA app RENAME TO application'])
    expect(differences.filter(({ kind }) => kind === 'renamed')).toHaveLength(1)
  })

  test.each([
    ['with another change of it', 'ALTER TABLE app.teams RENAME TO groups; ALTER TABLE app.groups ADD extra int', 2],
    ['of another type', 'ALTER TABLE app.users DROP nickname, ADD nick varchar(40)', 2],
    ['made anew at the end', 'ALTER TABLE app."order" DROP "select", ADD "selected" integer', 2],
    [
      'something else has its name',
      `ALTER TABLE app."order" RENAME TO orders; CREATE VIEW app."order" AS SELECT * FROM app.orders`,
      3,
    ],
    ['a copy beside it', 'CREATE TABLE app.copy ("select" integer, "Mixed.Case" text)', 1],
    [
      'two of which either may be it',
      `DROP TABLE app."order"; CREATE TABLE app.a ("select" int, "Mixed.Case" text);
      CREATE TABLE app.b ("select" int, "Mixed.Case" text)`,
      3,
    ],
  ])('what was not renamed for sure is not told so: %s', async (_, change, most) => {
    const differences = await differencesAfter([change])
    expect(differences.map(({ kind }) => kind)).not.toContain('renamed')
    expect(differences.length).toBeGreaterThanOrEqual(most)
  })

  test('what changed beside its name is still told', async () => {
    const differences = await differencesAfter([
      'ALTER TABLE app.teams RENAME TO groups',
      'ALTER TABLE app.users DROP CONSTRAINT users_team_fk, ADD CONSTRAINT users_team_fk FOREIGN KEY (team_id) REFERENCES app.groups (id)',
    ])
    expect(differences.map((each) => each.kind).toSorted()).toEqual(['changed', 'renamed'])
  })
})
