import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { expect, test } from 'vitest'
import { hashOf } from '../../lib/ledger/migration-text.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { readStatements } from '../../lib/ledger/split-statements.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

const only = async (path: string) => (await readFolder(path)).migrations[0] ?? expect.unreachable()

test.each([
  'SELECT 1; SELECT 2',
  'SELECT 1;--> statement-breakpoint\nSELECT 2;\n--> statement-breakpoint',
  "SELECT '--> statement-breakpoint';",
  '--> statement-breakpoint--> statement-breakpoint',
  'SELECT 1\r\n--> statement-breakpoint\r\n',
  '-->statement-breakpoint\n--> STATEMENT-BREAKPOINT',
  '',
])('%j is split as Drizzle splits it', async (sql) => {
  const path = await migrationsFolder([{ tag: '0000_a', sql }])
  const [drizzles] = readMigrationFiles({ migrationsFolder: path })
  expect(await readStatements(await only(path))).toEqual(drizzles?.sql)
})

test('the text of a hash is given with the line endings of that hash', async () => {
  const path = await migrationsFolder([{ tag: '0000_a', sql: 'SELECT 1;\r\n--> statement-breakpoint\r\n' }])
  const migration = { ...(await only(path)), hash: hashOf('SELECT 1;\n--> statement-breakpoint\n') }
  expect(await readStatements(migration)).toEqual(['SELECT 1;\n', '\n'])
})

test('a file that changed or went since the folder was read is refused', async () => {
  const path = await migrationsFolder([{ tag: '0000_a', sql: 'SELECT 1' }])
  const migration = await only(path)
  await writeFile(join(path, '0000_a.sql'), 'SELECT 2')
  await expect(readStatements(migration)).rejects.toMatchObject({ code: 'folder.invalid' })
  await expect(readStatements({ ...migration, path: '/nowhere.sql' })).rejects.toMatchObject({ code: 'folder.missing' })
})
