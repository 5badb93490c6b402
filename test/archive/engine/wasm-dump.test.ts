import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { expect, test } from 'vitest'
import { wasmDump } from '../../../lib/archive/engine/wasm-dump.ts'
import { withClient } from '../../../lib/postgres/client.ts'
import { withScratch } from '../../../lib/scratch/scratch.ts'
import { ANY_MAJOR, execute, MAJORS, testDatabase, testRole } from '../../support/database.ts'
import { dump } from './collect.ts'

const HEADER_BYTES = 60
const CA = fileURLToPath(new URL('../../support/tls/ca.crt', import.meta.url))

test.each(MAJORS)('a database of major %i comes out whole', async (major) => {
  const target = await testDatabase(major, [
    `CREATE TABLE public.users (id int PRIMARY KEY, name text)`,
    `INSERT INTO public.users SELECT g, 'person ' || g FROM generate_series(1, 5000) g`,
  ])
  const archive = await dump({ target })
  expect(archive.subarray(0, 5).toString()).toBe('PGDMP')
  // Format 1.16: major, minor, revision.
  expect([...archive.subarray(5, 8)]).toEqual([1, 16, 0])
  const text = archive.toString('latin1')
  expect(text).toContain('COPY public.users (id, name) FROM stdin;')
  expect(text.match(/\d+\tperson \d+\n/g)).toHaveLength(5000)
})

test('names and passwords with every awkward character', async () => {
  const target = await testDatabase()
  const database = `odd ' \\ " = ${target.database}`
  await execute(target, `CREATE DATABASE ${pg.escapeIdentifier(database)} TEMPLATE template0`)
  try {
    expect((await dump({ target: { ...target, database } })).toString('latin1')).toContain(target.database)
  } finally {
    await execute(target, `DROP DATABASE ${pg.escapeIdentifier(database)} WITH (FORCE)`)
  }
})

test('TLS: verified by the right root, with SCRAM over it, and refused by any other', async () => {
  const admin = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t (c text)')
  await execute(admin, `INSERT INTO public.t SELECT repeat('s', 1000000) || g FROM generate_series(1, 40) g`)
  const target = { ...admin, sslMode: 'verify-full', sslRootCert: CA } as const
  const parts: Uint8Array[] = []
  let encrypted: { ssl: boolean }[] = []
  // Not read on meanwhile, and larger than what is buffered, the dump is still under way.
  for await (const part of wasmDump({ target }).output) {
    if (parts.length === 0) {
      encrypted = await execute(
        admin,
        `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      )
    }
    parts.push(part)
  }
  expect(encrypted).toEqual([{ ssl: true }])
  expect(
    Buffer.concat(parts)
      .toString('latin1')
      .match(/s{1000000}\d+\n/g),
  ).toHaveLength(40)
  await expect(dump({ target: { ...target, sslRootCert: undefined } })).rejects.toMatchObject({ code: 'postgres.tls' })
})

test('a Unix socket, and no password where none is wanted', async () => {
  await withScratch((scratch) =>
    scratch.withDatabase(ANY_MAJOR, async (target) => {
      expect(target.host.startsWith('/')).toBe(true)
      expect((await dump({ target })).subarray(0, 5).toString()).toBe('PGDMP')
    }),
  )
})

test('rows of 10 MB, which no buffer of libpq or ours holds, keep every byte', async () => {
  const target = await testDatabase(ANY_MAJOR, [
    `CREATE TABLE public.big (c text)`,
    `INSERT INTO public.big SELECT (SELECT string_agg(md5(g::text || n), '') FROM generate_series(1, 312500) g) FROM generate_series(1, 2) n`,
  ])
  const [row] = await execute<{ sum: string; size: string }>(
    target,
    `SELECT md5(string_agg(c, ',' ORDER BY c)) AS sum, max(length(c)) AS size FROM public.big`,
  )
  expect(row?.size).toBe(10_000_000)
  const lines = (await dump({ target })).toString('latin1').split('\n')
  // The length of its block stands before each row.
  const rows = lines.filter((line) => line.length > 9_000_000).map((line) => line.slice(-10_000_000))
  expect(createHash('md5').update(rows.toSorted().join(',')).digest('hex')).toBe(row?.sum)
})

test('a dump sees the moment of the snapshot it is given', async () => {
  const target = await testDatabase(ANY_MAJOR, [
    `CREATE TABLE public.t (c text)`,
    `INSERT INTO public.t VALUES ('before')`,
  ])
  const text = await withClient(target, 'testing', async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot')
    await execute(target, `INSERT INTO public.t VALUES ('afterwards')`)
    return (await dump({ target, snapshot: rows[0]?.snapshot })).toString('latin1')
  })
  expect(text).toContain('before\n')
  expect(text).not.toContain('afterwards')
})

test('definitions alone', async () => {
  const target = await testDatabase(ANY_MAJOR, [
    `CREATE TABLE public.t (c text)`,
    `INSERT INTO public.t VALUES ('a row')`,
  ])
  const text = (await dump({ target, schemaOnly: true })).toString('latin1')
  expect(text).toContain('CREATE TABLE public.t')
  expect(text).not.toContain('a row')
})

test('warnings are not errors', async () => {
  const target = await testDatabase(ANY_MAJOR, [
    `CREATE TABLE public.a (id int PRIMARY KEY, b int)`,
    `CREATE TABLE public.b (id int PRIMARY KEY, a int REFERENCES public.a)`,
    `ALTER TABLE public.a ADD FOREIGN KEY (b) REFERENCES public.b`,
  ])
  // pg_dump warns of circular foreign keys when it is to dump rows.
  expect((await dump({ target })).subarray(0, 5).toString()).toBe('PGDMP')
})

test('several dumps at once do not mix', async () => {
  const targets = await Promise.all(
    [1, 2, 3].map((n) => testDatabase(ANY_MAJOR, `CREATE TABLE public.only_in_${n} ()`)),
  )
  const texts = (await Promise.all(targets.map((target) => dump({ target })))).map((each) => each.toString('latin1'))
  expect(texts.map((text) => [1, 2, 3].filter((n) => text.includes(`only_in_${n}`)))).toEqual([[1], [2], [3]])
})

test('a role that may read everything and write nothing is enough', async () => {
  const target = await testDatabase(ANY_MAJOR, [
    `CREATE TABLE public.t (c text)`,
    `INSERT INTO public.t VALUES ('a row')`,
  ])
  const reader = await testRole(target, ANY_MAJOR)
  await execute(target, `GRANT pg_read_all_data TO ${reader.user}`)
  expect((await dump({ target: reader })).toString('latin1')).toContain('a row\n')
})

test('lent pieces are whole until the next is asked for, and their memory is used again then', async () => {
  const target = await testDatabase(ANY_MAJOR, [
    `CREATE TABLE public.t AS SELECT g AS id, repeat(md5(g::text), 1 + g % 50) AS words FROM generate_series(1, 20000) g`,
  ])
  const memory = new Set<ArrayBufferLike>()
  const copies: Buffer[] = []
  for await (const piece of wasmDump({ target, lend: true }).output) {
    expect(piece.byteLength).toBeGreaterThan(0)
    copies.push(Buffer.from(piece))
    memory.add(piece.buffer)
  }
  expect(copies.length).toBeGreaterThan(40)
  expect(memory.size).toBeLessThan(copies.length / 2)
  // The header holds the time of the dump.
  const kept = (await dump({ target })).subarray(HEADER_BYTES)
  expect(Buffer.concat(copies).subarray(HEADER_BYTES).equals(kept)).toBe(true)
})
