import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appliedMigrations } from '../../lib/ledger/applied-migrations.ts'
import type { Ledger, LedgerRow } from '../../lib/ledger/ledger.ts'
import { hashOf } from '../../lib/ledger/migration-text.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { readStatements } from '../../lib/ledger/split-statements.ts'
import { FIRST_WHEN, migrationsFolder } from '../support/migrations-folder.ts'

const A = { tag: '0000_a', sql: 'SELECT 1;\n' }
const B = { tag: '0001_b', sql: 'SELECT 2;\n' }

function ledger(...rows: Partial<LedgerRow>[]): Ledger {
  const blank = { hash: '', createdAt: null, tag: null, appliedAt: null }
  return {
    name: { schema: 'drizzle', table: '__drizzle_migrations' },
    rows: rows.map((row, index) => ({ id: index + 1, ...blank, ...row })),
  }
}

const rowA = { hash: hashOf(A.sql), createdAt: FIRST_WHEN }
const rowB = { hash: hashOf(B.sql), createdAt: FIRST_WHEN + 60_000 }

test('in the order of the ledger, not of the folder, and not what is pending', async () => {
  const folder = await readFolder(await migrationsFolder([A, B, { tag: '0002_c', sql: '' }]))
  const { applied, unproven } = appliedMigrations(ledger(rowB, rowA), folder)
  expect(applied).toEqual([folder.migrations[1], folder.migrations[0]])
  expect(unproven).toEqual([])
})

test('rows that one transaction wrote are one deploy', async () => {
  const folder = await readFolder(await migrationsFolder([A, B, { tag: '0002_c', sql: 'SELECT 3' }]))
  const rowC = { hash: hashOf('SELECT 3'), createdAt: FIRST_WHEN + 120_000 }
  const [one, other] = [{ transaction: '7' }, { transaction: '8' }]
  const deploysOf = (...rows: Partial<LedgerRow>[]) => appliedMigrations(ledger(...rows), folder).deploys
  expect(deploysOf({ ...rowA, ...one }, { ...rowB, ...one }, { ...rowC, ...other })).toEqual([2, 1])
  expect(deploysOf({ ...rowA, ...one }, { ...rowB, ...other }, { ...rowC, ...other })).toEqual([1, 2])
  expect(deploysOf(rowA, rowB, rowC)).toEqual([1, 1, 1])
})

test('an edited file and an unknown row prove nothing', async () => {
  const folder = await readFolder(await migrationsFolder([A, { ...B, sql: 'SELECT 22' }]))
  const unknown = { hash: 'f'.repeat(64), createdAt: 5 }
  const { applied, unproven } = appliedMigrations(ledger(rowA, rowB, unknown, rowB), folder)
  expect(applied.map(({ tag }) => tag)).toEqual(['0000_a'])
  expect(unproven.map(({ id }) => id)).toEqual([2, 3])
})

test('what ran twice is replayed once, in the place where it ran first', async () => {
  const folder = await readFolder(await migrationsFolder([{ ...A, when: FIRST_WHEN + 90_000 }, B]))
  const again = { ...rowA, createdAt: FIRST_WHEN + 90_000 }
  const { applied, unproven } = appliedMigrations(ledger(rowA, rowB, again), folder)
  expect(applied.map(({ tag }) => tag)).toEqual(['0000_a', '0001_b'])
  expect(unproven).toEqual([])
})

test('a file with other line endings gives back the very text that was applied', async () => {
  const path = await migrationsFolder([A, B])
  await writeFile(join(path, '0001_b.sql'), B.sql.replace('\n', '\r\n'))
  const folder = await readFolder(path)
  const { applied, unproven } = appliedMigrations(ledger(rowA, rowB), folder)
  expect(unproven).toEqual([])
  expect(await Promise.all(applied.map(readStatements))).toEqual([[A.sql], [B.sql]])
  expect(applied[1]?.hash).not.toBe(folder.migrations[1]?.hash)
})
