import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkFolder } from '../../lib/ledger/check-folder.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { migrationsFolder, snapshotPath } from '../support/migrations-folder.ts'
import { testFolder } from '../support/directory.ts'

const A = { tag: '0000_a', sql: 'SELECT 1;' }
const B = { tag: '0001_b', sql: 'SELECT 2;' }
const C = { tag: '0002_c', sql: 'SELECT 3;' }

async function check(path: string) {
  const findings = checkFolder(await readFolder(path))
  return findings.map(({ kind, severity, subject, summary }) => ({ kind, severity, name: subject.name, summary }))
}

test('a folder as drizzle-kit writes it is clean', async () => {
  expect(await check(await migrationsFolder([A, B, C]))).toEqual([])
})

test('a file that the journal does not name', async () => {
  const path = await migrationsFolder([A])
  await writeFile(join(path, '0001_hotfix.sql'), 'SELECT 1')
  await writeFile(join(path, 'README.md'), '')
  expect(await check(path)).toEqual([
    {
      kind: 'folder.orphan',
      severity: 'warning',
      name: '0001_hotfix',
      summary: '0001_hotfix.sql is not in the journal: Drizzle will never run it',
    },
  ])
})

test('a journal entry without its file', async () => {
  const path = await migrationsFolder([A, B])
  await rm(join(path, '0000_a.sql'))
  expect(await check(path)).toMatchObject([{ kind: 'folder.missing-file', severity: 'critical', name: '0000_a' }])
})

test('a missing snapshot matters where the next migration is made from it', async () => {
  const path = await migrationsFolder([A, B])
  await rm(snapshotPath(path, A.tag))
  expect(await check(path)).toMatchObject([{ kind: 'folder.missing-snapshot', severity: 'info', name: '0000_a' }])
  await rm(snapshotPath(path, B.tag))
  expect(await check(path)).toMatchObject([{ severity: 'info' }, { severity: 'warning', name: '0001_b' }])
})

test('a time earlier than that of the one before', async () => {
  const path = await migrationsFolder([A, { ...B, when: 5 }, C])
  expect(await check(path)).toMatchObject([{ kind: 'folder.order', severity: 'critical', name: '0001_b' }])
})

test.each([
  [
    'the same time',
    [
      { ...A, when: 7 },
      { ...B, when: 7 },
    ],
    { severity: 'critical', name: '0001_b' },
  ],
  ['the same tag', [A, { ...A, when: 1_800_000_000_000 }], { severity: 'critical', name: '0000_a' }],
  ['the same text', [A, { ...B, sql: A.sql }], { severity: 'info', name: '0001_b' }],
])('two entries with %s', async (_, migrations, expected) => {
  expect(await check(await migrationsFolder(migrations))).toMatchObject([{ kind: 'folder.duplicate', ...expected }])
})

test('the layout of Drizzle 1.x', async () => {
  const path = testFolder()
  for (const tag of ['20260101000000_a', '20260101000000_b', '20260102000000_c']) await mkdir(join(path, tag))
  await writeFile(join(path, '20260101000000_a', 'migration.sql'), 'SELECT 1')
  await writeFile(join(path, '20260101000000_a', 'snapshot.json'), '{}')
  await writeFile(join(path, '20260101000000_b', 'migration.sql'), 'SELECT 2')
  await writeFile(join(path, '20260102000000_c', 'snapshot.json'), '{}')
  await writeFile(join(path, '0000_old.sql'), 'SELECT 2')
  expect(await check(path)).toMatchObject([
    { kind: 'folder.missing-file', name: '20260102000000_c' },
    { kind: 'folder.orphan', name: '0000_old' },
    { kind: 'folder.missing-snapshot', name: '20260101000000_b' },
  ])
})
