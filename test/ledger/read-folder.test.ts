import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { expect, test } from 'vitest'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { FIRST_WHEN, journalPath, migrationsFolder } from '../support/migrations-folder.ts'
import { testFolder } from '../support/directory.ts'

test('hashes and times are those that Drizzle takes, whatever the bytes', async () => {
  const path = await migrationsFolder([
    { tag: '0000_first', sql: 'CREATE TABLE a ();' },
    { tag: '0001_crlf', sql: 'SELECT 1;\r\n--> statement-breakpoint\r\nSELECT 2;' },
    { tag: '0002_mark', sql: '\uFEFFSELECT \u{1F436};', when: 5 },
  ])
  await writeFile(join(path, '0000_first.sql'), Buffer.from([0x53, 0xff, 0xfe, 0x0a]))
  const folder = await readFolder(path)
  expect(folder.migrations.map(({ hash, when }) => ({ hash, when }))).toEqual(
    readMigrationFiles({ migrationsFolder: path }).map(({ hash, folderMillis }) => ({ hash, when: folderMillis })),
  )
  expect(folder.migrations[1]).toMatchObject({ tag: '0001_crlf', idx: 1, when: FIRST_WHEN + 60_000 })
  expect(folder.migrations[1]?.path).toBe(join(path, '0001_crlf.sql'))
  expect(folder.layout).toBe('journal')
})

test('a journal entry without its file is left to the check of the folder', async () => {
  const path = await migrationsFolder([
    { tag: '0000_a', sql: '' },
    { tag: '0001_b', sql: '' },
  ])
  await rm(join(path, '0000_a.sql'))
  const folder = await readFolder(path)
  expect(folder.migrations.map(({ tag }) => tag)).toEqual(['0001_b'])
  expect(folder.entries.map(({ tag }) => tag)).toEqual(['0000_a', '0001_b'])
})

test('the layout of Drizzle 1.x: ordered by name, the time in UTC to the second', async () => {
  const path = testFolder()
  for (const tag of ['20260303113537_second', '20251231235959_first', 'notes']) {
    await mkdir(join(path, tag))
    await writeFile(join(path, tag, 'migration.sql'), `-- ${tag}`)
    await writeFile(join(path, tag, 'snapshot.json'), '{}')
  }
  const folder = await readFolder(path)
  expect(folder).toMatchObject({
    layout: 'folders',
    migrations: [
      { tag: '20251231235959_first', when: Date.UTC(2025, 11, 31, 23, 59, 59), idx: 0 },
      { tag: '20260303113537_second', when: Date.UTC(2026, 2, 3, 11, 35, 37), idx: 1 },
    ],
    snapshots: ['20251231235959_first/snapshot.json', '20260303113537_second/snapshot.json'],
  })
})

test('no such folder', async () => {
  await expect(readFolder('/nowhere/migrations')).rejects.toMatchObject({
    code: 'folder.missing',
    message: 'there is no migrations folder /nowhere/migrations',
    remedy: expect.stringContaining('check the path'),
  })
})

test('a folder that holds no migrations, and a file in place of a folder', async () => {
  const path = testFolder()
  await writeFile(join(path, 'README.md'), '')
  await expect(readFolder(path)).rejects.toMatchObject({
    code: 'folder.invalid',
    message: expect.stringContaining(path),
  })
  await expect(readFolder(join(path, 'README.md'))).rejects.toMatchObject({ code: 'folder.invalid' })
})

test.each(['0000_a.sql', 'meta/_journal.json'])('%s that cannot be read is named', async (file) => {
  const path = await migrationsFolder([{ tag: '0000_a', sql: '' }])
  await rm(join(path, file))
  await mkdir(join(path, file))
  await expect(readFolder(path)).rejects.toMatchObject({
    code: 'folder.invalid',
    message: expect.stringContaining(`cannot read ${join(path, file)}`),
  })
})

const entry = { idx: 0, version: '7', when: 1, tag: '0000_a', breakpoints: true }

test.each([
  ['empty', '', 'is empty'],
  ['not JSON', '{"entries": [', 'is not JSON: Unexpected end of JSON input'],
  ['left with a merge conflict', '{\n<<<<<<< HEAD\n}', 'line 2 column 1'],
  ['of another shape', '[]', 'expected object'],
  ['without entries', '{"dialect": "postgresql"}', 'entries: '],
  ['of no migrations', '{"dialect": "postgresql", "entries": []}', 'entries: names no migration'],
  ['of another dialect', JSON.stringify({ dialect: 'mysql', entries: [entry] }), 'dialect: is not postgresql'],
  [
    'with a time that is none',
    JSON.stringify({ dialect: 'pg', entries: [entry, { ...entry, when: 'now' }] }),
    'entries[1].when',
  ],
  [
    'with a time beyond all dates',
    JSON.stringify({ dialect: 'pg', entries: [{ ...entry, when: 9e15 }] }),
    'entries[0].when',
  ],
  [
    'that leads out of the folder',
    JSON.stringify({ dialect: 'pg', entries: [{ ...entry, tag: '../x' }] }),
    'entries[0].tag',
  ],
])('a journal %s is named with the place in it', async (_, text, words) => {
  const path = await migrationsFolder([{ tag: '0000_a', sql: '' }])
  await writeFile(journalPath(path), text)
  const error = await readFolder(path).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'folder.invalid', remedy: expect.any(String) })
  expect(String(error)).toContain(journalPath(path))
  expect(String(error)).toContain(words)
})

test('what Drizzle does not read of a journal, and people get wrong, hinders nothing', async () => {
  const path = await migrationsFolder([{ tag: '0000_a', sql: '' }])
  await writeFile(
    journalPath(path),
    JSON.stringify({
      entries: [
        { when: 1, tag: '0000_a' },
        { idx: '1', when: 2, tag: '0000_a' },
      ],
    }),
  )
  expect((await readFolder(path)).entries).toEqual([
    { idx: 0, when: 1, tag: '0000_a' },
    { idx: 1, when: 2, tag: '0000_a' },
  ])
})
