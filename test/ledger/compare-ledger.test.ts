import { expect, test } from 'vitest'
import type { Finding } from '../../lib/finding.ts'
import { compareEnvironments, compareWithFolder } from '../../lib/ledger/compare-ledger.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { readLedger } from '../../lib/ledger/read-ledger.ts'
import { withSnapshot } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { execute, testDatabase } from '../support/database.ts'
import { migrateWithDrizzle } from '../support/drizzle-migrator.ts'
import { FIRST_WHEN, migrationsFolder, type TestMigration } from '../support/migrations-folder.ts'

const A = { tag: '0000_a', sql: 'SELECT 1;\n', when: FIRST_WHEN }
const B = { tag: '0001_b', sql: 'SELECT 2;\n', when: FIRST_WHEN + 1_000 }
const C = { tag: '0002_c', sql: 'SELECT 3;\n', when: FIRST_WHEN + 2_000 }
const D = { tag: '0003_d', sql: 'SELECT 4;\n', when: FIRST_WHEN + 3_000 }
const LEDGER = 'drizzle.__drizzle_migrations'

/** A database to which Drizzle applied one folder after the other. */
async function deployed(...folders: TestMigration[][]): Promise<Target> {
  const target = await testDatabase()
  for (const migrations of folders) await migrateWithDrizzle(target, await migrationsFolder(migrations))
  return target
}

async function environment(name: string, target: Target) {
  return { environment: name, ledger: await withSnapshot(target, 'testing', (client) => readLedger(client, null)) }
}

const brief = ({ kind, severity, subject }: Finding) => [kind, severity, subject.name]

async function withFolder(target: Target, migrations: TestMigration[]) {
  const { ledger } = await environment('production', target)
  return compareWithFolder('production', ledger, await readFolder(await migrationsFolder(migrations)))
}

async function between(staging: Target, production: Target, migrations: TestMigration[]) {
  const [upstream, downstream] = [await environment('staging', staging), await environment('production', production)]
  return compareEnvironments(upstream, downstream, await readFolder(await migrationsFolder(migrations)))
}

test('all applied: nothing to say', async () => {
  expect(await withFolder(await deployed([A, B], [A, B, C]), [A, B, C])).toEqual([])
})

test('pending, on a database with some and on one with none', async () => {
  const findings = await withFolder(await deployed([A]), [A, B])
  expect(findings).toEqual([
    {
      id: 'production/ledger.pending/migration/0001_b',
      kind: 'ledger.pending',
      severity: 'info',
      subject: { class: 'migration', name: '0001_b' },
      summary: '0001_b is not applied to production yet',
    },
  ])
  const empty = await deployed([A])
  await execute(empty, `DELETE FROM ${LEDGER}`)
  expect((await withFolder(empty, [A, B])).map(brief)).toEqual([
    ['ledger.pending', 'info', '0000_a'],
    ['ledger.pending', 'info', '0001_b'],
  ])
})

test.each([
  ['older than the newest', B],
  ['as old as the newest', { ...B, when: C.when }],
])('skipped, and seen by Drizzle to be skipped: a migration %s', async (_, late) => {
  const target = await deployed([A, C], [A, late, C])
  const findings = await withFolder(target, [A, late, C, D])
  expect(findings.map(brief)).toEqual([
    ['ledger.skipped', 'critical', '0001_b'],
    ['ledger.pending', 'info', '0003_d'],
  ])
  expect(findings[0]?.expected).toContain(`when later than ${C.when} `)
})

test('edited after it was applied: neither unknown nor pending', async () => {
  const findings = await withFolder(await deployed([A, B]), [A, { ...B, sql: 'SELECT 22;\n' }])
  expect(findings.map(brief)).toEqual([['ledger.edited', 'critical', '0001_b']])
  expect(findings[0]?.expected).toMatch(/^hash [0-9a-f]{64}$/)
})

test('other line endings are an edit of their own kind', async () => {
  for (const [applied, now] of [
    [B.sql, B.sql.replace('\n', '\r\n')],
    [B.sql.replace('\n', '\r\n'), B.sql],
  ] as const) {
    const findings = await withFolder(await deployed([A, { ...B, sql: applied }]), [A, { ...B, sql: now }])
    expect(findings.map(brief)).toEqual([['ledger.edited', 'warning', '0001_b']])
    expect(findings[0]?.summary).toContain('only the line endings')
  }
})

test('edited, its row known by its tag although it has another time by now, as Drizzle would run it again', async () => {
  const target = await deployed([A, B])
  await execute(target, `ALTER TABLE ${LEDGER} ADD tag text; UPDATE ${LEDGER} SET tag = '0001_b' WHERE id = 2`)
  const findings = await withFolder(target, [A, { ...B, sql: 'SELECT 22', when: D.when }])
  expect(findings.map(brief)).toEqual([['ledger.edited', 'critical', '0001_b']])
  expect(findings[0]?.summary).toContain('Drizzle will run it again')
})

test('unknown: named by the table, else by its hash; said to be newer than the folder where it is', async () => {
  const target = await deployed([A, B, D])
  const findings = await withFolder(target, [A, C])
  expect(findings.map(brief)).toEqual([
    ['ledger.unknown', 'critical', expect.stringMatching(/^[0-9a-f]{12}$/)],
    ['ledger.unknown', 'critical', expect.stringMatching(/^[0-9a-f]{12}$/)],
    ['ledger.skipped', 'critical', '0002_c'],
  ])
  expect(findings.map(({ summary }) => summary.includes('which ends before it'))).toEqual([false, true, false])
  await execute(target, `ALTER TABLE ${LEDGER} ADD tag text; UPDATE ${LEDGER} SET tag = '0001_hotfix' WHERE id = 2`)
  expect((await withFolder(target, [A, C]))[0]?.id).toBe('production/ledger.unknown/migration/0001_hotfix')
})

test('squashed: one fact, not one for each row', async () => {
  const squash = { tag: '0000_squashed', sql: 'SELECT 123', when: D.when + 1 }
  const target = await deployed([A, B, C])
  const findings = await withFolder(target, [squash])
  expect(findings.map(brief)).toEqual([
    ['ledger.unknown', 'critical', LEDGER],
    ['ledger.pending', 'info', '0000_squashed'],
  ])
  expect(findings[0]?.summary).toContain('none of the 3 migrations')
  expect((await withFolder(target, [{ ...squash, when: B.when + 1 }, C, D])).map(brief)).toEqual([
    ['ledger.unknown', 'critical', LEDGER],
    ['ledger.skipped', 'critical', '0000_squashed'],
    ['ledger.pending', 'info', '0003_d'],
  ])
})

test('a later time makes Drizzle run it again, and the ledger shows that it did', async () => {
  const later = { ...A, when: D.when }
  const target = await deployed([A, B])
  const [finding] = await withFolder(target, [later, B])
  expect(finding).toMatchObject({ kind: 'ledger.pending', severity: 'warning', subject: { name: '0000_a' } })
  await migrateWithDrizzle(target, await migrationsFolder([later, B]))
  const after = await withFolder(target, [later, B])
  expect(after.map(brief)).toEqual([['ledger.unknown', 'warning', '0000_a']])
  expect(after[0]?.summary).toContain('more than once')
})

test('two placeholders of the same text are two migrations', async () => {
  const twin = { ...B, sql: A.sql }
  expect((await withFolder(await deployed([A]), [A, twin])).map(brief)).toEqual([['ledger.pending', 'info', '0001_b']])
  expect(await withFolder(await deployed([A, twin]), [A, twin])).toEqual([])
})

test('a renamed file is still the same migration', async () => {
  expect(await withFolder(await deployed([A, B]), [A, { ...B, tag: '0001_better_name' }])).toEqual([])
})

test('environments alike: nothing to say, also where both share what the folder does not know', async () => {
  const folder = [A, { ...B, sql: 'SELECT 22' }]
  const [staging, production] = [await deployed([A, B, C]), await deployed([A, B, C])]
  expect(await between(staging, production, folder)).toEqual([])
  const kinds = (await withFolder(production, folder)).map(({ kind }) => kind)
  expect(kinds).toEqual(['ledger.edited', 'ledger.unknown'])
})

test('behind: one finding with all that is missing, its id the same however much that is', async () => {
  const [staging, production] = [await deployed([A, B, C]), await deployed([A])]
  const findings = await between(staging, production, [A, B, C, D])
  expect(findings).toEqual([
    {
      id: `production/ledger.behind/ledger/${LEDGER}`,
      kind: 'ledger.behind',
      severity: 'warning',
      subject: { class: 'ledger', name: LEDGER },
      summary: 'production is 2 migrations behind staging: 0001_b, 0002_c (staging is at 0002_c, production at 0000_a)',
      expected: '3 migrations applied, also 0001_b, 0002_c',
      actual: '1 migration applied',
    },
  ])
  await execute(production, `DELETE FROM ${LEDGER}`)
  const [more] = await between(staging, production, [A, B, C, D])
  expect(more?.id).toBe(findings[0]?.id)
  expect(more?.summary).toContain('production has none')

  const many = Array.from({ length: 8 }, (_, n) => ({ ...A, tag: `000${n}_m`, when: A.when + n, sql: `SELECT ${n}` }))
  const [long] = await between(await deployed(many), await deployed(many.slice(0, 1)), many)
  expect(long?.summary).toContain('7 migrations behind staging: 0001_m, 0002_m, 0003_m, 0004_m, 0005_m and 2 more')
  expect(long?.expected).toContain('0007_m')
})

test('ahead: one finding for each migration', async () => {
  const findings = await between(await deployed([A]), await deployed([A, B, C]), [A, B, C])
  expect(findings.map(brief)).toEqual([
    ['ledger.ahead', 'critical', '0001_b'],
    ['ledger.ahead', 'critical', '0002_c'],
  ])
})

test('diverged: another text in the same place is neither ahead nor behind', async () => {
  const other = { ...B, sql: 'SELECT 22' }
  const findings = await between(await deployed([A, B]), await deployed([A, other]), [A, B])
  expect(findings.map(brief)).toEqual([['ledger.diverged', 'critical', '0001_b']])
  const crlf = { ...B, sql: B.sql.replace('\n', '\r\n') }
  const [endings] = await between(await deployed([A, B]), await deployed([A, crlf]), [A, B])
  expect(endings).toMatchObject({ kind: 'ledger.diverged', severity: 'warning' })
  expect(endings?.summary).toContain('line endings')
})

test('two branches deployed to one environment each: ahead of one and behind the other', async () => {
  const findings = await between(await deployed([A, B]), await deployed([A, C]), [A, B, C])
  expect(findings.map(brief)).toEqual([
    ['ledger.ahead', 'critical', '0002_c'],
    ['ledger.behind', 'warning', LEDGER],
  ])
})

test('a migration that one environment records twice is not one ahead', async () => {
  const production = await deployed([A, B], [{ ...A, when: D.when }, B])
  expect(await between(await deployed([A, B]), production, [A, B])).toEqual([])
})
