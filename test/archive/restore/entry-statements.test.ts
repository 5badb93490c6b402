import { expect, test } from 'vitest'
import type { TocEntry } from '../../../lib/archive/format/toc-entry.ts'
import { entryStatements, isWanted, restorePass } from '../../../lib/archive/restore/entry-statements.ts'
import { sessionSettings } from '../../../lib/archive/restore/session-settings.ts'

function entry(desc: string, more: Partial<TocEntry> = {}): TocEntry {
  return {
    dumpId: 9,
    hadDumper: false,
    oid: 1,
    tag: 'thing',
    desc,
    section: 'pre-data',
    defn: '',
    dropStmt: '',
    copyStmt: '',
    namespace: '',
    tablespace: '',
    tableAm: '',
    relkind: '',
    owner: '',
    dependencies: [],
    dataOffset: null,
    ...more,
  }
}

const group = entry('BLOB METADATA', { dumpId: 3, defn: '16400\n16401\n', owner: 'ann', dropStmt: '-- dummy' })
const entries = new Map([[3, group]])
const statements = (what: TocEntry, owners = false) => entryStatements(what, entries, { owners })

test('a definition is taken as it stands; data alone asks for no statement', () => {
  expect(
    statements(entry('TABLE', { defn: 'CREATE TABLE t ();\n', owner: 'ann', dropStmt: 'DROP TABLE t;\n' })),
  ).toEqual(['CREATE TABLE t ();\n'])
  expect(statements(entry('TABLE DATA', { hadDumper: true }))).toEqual([])
  expect(statements(entry('TABLE DATA', { hadDumper: true, defn: '-- load via partition root t' }))).toEqual([])
})

test('the schema public is there already, whatever the archive says', () => {
  for (const defn of ['CREATE SCHEMA public;\n', '-- *not* creating schema, since initdb creates it\n']) {
    expect(statements(entry('SCHEMA', { tag: 'public', defn }))).toEqual(['CREATE SCHEMA IF NOT EXISTS public'])
  }
  expect(statements(entry('SCHEMA', { tag: 'a "b', defn: 'CREATE SCHEMA "a ""b" AUTHORIZATION x;' }))).toEqual([
    'CREATE SCHEMA "a ""b"',
  ])
})

test('large objects come one by one, and so do their owners and rights', () => {
  expect(statements(group, true)).toEqual([
    "SELECT pg_catalog.lo_create('16400')",
    "SELECT pg_catalog.lo_create('16401')",
    'ALTER LARGE OBJECT 16400 OWNER TO "ann"',
    'ALTER LARGE OBJECT 16401 OWNER TO "ann"',
  ])
  const defn =
    'GRANT SELECT ON LARGE OBJECT 16400 TO "LARGE OBJECT 1";\nREVOKE ALL ON LARGE OBJECT 16400 FROM "q""LARGE OBJECT 2";\n'
  expect(statements(entry('ACL', { tag: 'LARGE OBJECTS 16400..16401', defn, dependencies: [3] }), true)).toEqual([
    defn,
    defn.replaceAll('16400', '16401'),
  ])
})

test.each([
  [entry('TABLE', { tag: 'T', namespace: 'public' }), 'ALTER TABLE "public"."T" OWNER TO "o""wner"'],
  [entry('SCHEMA', { tag: 'public', defn: '--' }), 'ALTER SCHEMA "public" OWNER TO "o""wner"'],
  [
    entry('FUNCTION', { tag: 'f(integer)', dropStmt: 'DROP FUNCTION public.f(a integer);\n' }),
    'ALTER FUNCTION public.f(a integer) OWNER TO "o""wner"',
  ],
  [entry('BLOB', { tag: '77' }), 'ALTER LARGE OBJECT 77 OWNER TO "o""wner"'],
])('owners are set only when asked for: %#', (what, alter) => {
  const owned = { ...what, owner: 'o"wner', dropStmt: what.dropStmt || 'DROP …' }
  expect(statements(owned, true).at(-1)).toBe(alter)
  expect(statements(owned, false)).not.toContain(alter)
  expect(statements({ ...owned, desc: 'INDEX', defn: 'CREATE INDEX' }, true)).toEqual(['CREATE INDEX'])
})

test('the access method of a partitioned table is set after it is made', () => {
  const parent = entry('TABLE', { namespace: 's', defn: 'CREATE TABLE …', relkind: 'p', tableAm: 'heap' })
  expect(statements(parent)).toEqual(['CREATE TABLE …', 'ALTER TABLE "s"."thing" SET ACCESS METHOD "heap"'])
})

test('what is wanted: not the database itself, not the statistics; rights only with owners', () => {
  for (const desc of ['ENCODING', 'SEARCHPATH', 'DATABASE', 'DATABASE PROPERTIES', 'STATISTICS DATA']) {
    expect(isWanted(entry(desc), true)).toBe(false)
  }
  for (const desc of ['ACL', 'COMMENT', 'SECURITY LABEL']) {
    expect(isWanted(entry(desc, { tag: 'DATABASE app' }), true)).toBe(false)
  }
  expect(isWanted(entry('ACL', { tag: 'TABLE t' }), true)).toBe(true)
  expect(isWanted(entry('ACL', { tag: 'TABLE t' }), false)).toBe(false)
  expect(isWanted(entry('DEFAULT ACL'), false)).toBe(false)
  expect(isWanted(entry('COMMENT', { tag: 'TABLE t' }), false)).toBe(true)
})

test('passes: rights after data, refreshing after rights, event triggers last', () => {
  expect(restorePass(entry('TABLE'))).toBe('main')
  expect(restorePass(entry('DEFAULT ACL'))).toBe('rights')
  expect(restorePass(entry('MATERIALIZED VIEW DATA'))).toBe('refresh')
  expect(restorePass(entry('EVENT TRIGGER'))).toBe('event-triggers')
  expect(restorePass(entry('COMMENT', { tag: 'EVENT TRIGGER t' }))).toBe('event-triggers')
  expect(restorePass(entry('COMMENT', { tag: 'TABLE t' }))).toBe('main')
})

test('settings: what the archive says, and only what the server knows', () => {
  const special = [
    entry('ENCODING', { defn: "SET client_encoding = 'UTF8';\n" }),
    entry('STDSTRINGS', { defn: "SET standard_conforming_strings = 'off';\n" }),
    entry('SEARCHPATH', { defn: "SELECT pg_catalog.set_config('search_path', '', false);\n" }),
  ]
  expect(sessionSettings(special, 150_018)).not.toContain('SET transaction_timeout = 0')
  expect(sessionSettings(special, 170_000)).toEqual(
    expect.arrayContaining(['SET transaction_timeout = 0', 'SET standard_conforming_strings = off', special[2]?.defn]),
  )
  const latin = [entry('ENCODING', { defn: "SET client_encoding = 'LATIN1';\n" })]
  expect(() => sessionSettings(latin, 150_018)).toThrow('in the encoding LATIN1')
})
