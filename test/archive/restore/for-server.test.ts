import { expect, test } from 'vitest'
import type { TocEntry } from '../../../lib/archive/format/toc-entry.ts'
import { wasmDump } from '../../../lib/archive/engine/wasm-dump.ts'
import { streamedSource } from '../../../lib/archive/archive-source.ts'
import { restoreArchive } from '../../../lib/archive/restore-archive.ts'
import { forServer } from '../../../lib/archive/restore/for-server.ts'
import { ANY_MAJOR, execute, testDatabase } from '../../support/database.ts'

const TABLE = { desc: 'TABLE', namespace: 'public', tag: 'kid' } as TocEntry
const text = (lines: string[]) => `CREATE TABLE public.kid (\n${lines.join('\n')}\n)\nINHERITS (public.base);\n`

test.each([
  ['in the middle', ['    NOT NULL name,', '    extra integer'], ['    extra integer']],
  ['at the end', ['    extra integer,', '    CONSTRAINT n NOT NULL name'], ['    extra integer']],
  ['alone', ['    NOT NULL name'], []],
  [
    'two of them',
    ['    NOT NULL name,', '    extra integer,', '    CONSTRAINT "a b" NOT NULL "x,""y" NO INHERIT'],
    ['    extra integer'],
  ],
])('NOT NULL as a constraint of the table, %s', (_name, lines, left) => {
  const columns = lines.flatMap((line) => /NOT NULL (name|"x,""y")/.exec(line)?.[1] ?? [])
  expect(forServer(TABLE, text(lines), 17)).toEqual([
    left.length === 0 ? 'CREATE TABLE public.kid (\n)\nINHERITS (public.base);\n' : text(left),
    ...columns.map((column) => `ALTER TABLE ONLY "public"."kid" ALTER COLUMN ${column} SET NOT NULL`),
  ])
  expect(forServer(TABLE, text(lines), 18)).toEqual([text(lines)])
})

test('what only looks like it stays: columns, and lines of a text', () => {
  const ordinary = text(["    name text DEFAULT 'one\n    NOT NULL two,\n    three',", '    other integer NOT NULL'])
  expect(forServer(TABLE, ordinary, 15)).toEqual([ordinary])
})

test('a subscription runs as its owner where that can be said', () => {
  const entry = { ...TABLE, desc: 'SUBSCRIPTION' }
  const statement = `CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false, run_as_owner = true);`
  expect(forServer(entry, statement, 16)).toEqual([statement])
  expect(forServer(entry, statement, 15)).toEqual([statement.replace(', run_as_owner = true', '')])
})

test.each([15, ANY_MAJOR])('a column that is NOT NULL over an inherited one comes back on %i', async (major) => {
  const source = await testDatabase(
    major,
    `CREATE TABLE base (id int NOT NULL, name text); CREATE TABLE kid (extra int) INHERITS (base);
     ALTER TABLE kid ALTER name SET NOT NULL; INSERT INTO kid VALUES (1, 'a', 2)`,
  )
  const copy = await testDatabase(major)
  await restoreArchive(streamedSource(wasmDump({ target: source }).output), copy)
  const columns = `SELECT attrelid::regclass::text AS "table", attname, attnotnull FROM pg_attribute
    WHERE attrelid IN ('public.base'::regclass, 'public.kid'::regclass) AND attnum > 0 ORDER BY 1, attnum`
  expect(await execute(copy, columns)).toEqual(await execute(source, columns))
  expect(await execute(copy, 'SELECT * FROM public.kid')).toEqual([{ id: 1, name: 'a', extra: 2 }])
})
