import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { streamedSource } from '../../../lib/archive/archive-source.ts'
import { wasmDump } from '../../../lib/archive/engine/wasm-dump.ts'
import { formatGlobals, parseGlobals } from '../../../lib/archive/globals/globals-file.ts'
import { readGlobals } from '../../../lib/archive/globals/read-globals.ts'
import { restoreArchive } from '../../../lib/archive/restore-archive.ts'
import { withClient } from '../../../lib/postgres/client.ts'
import { ANY_MAJOR, execute, MAJORS, serverTarget, testDatabase, testRole } from '../../support/database.ts'

const OTHER_MAJOR = MAJORS[3]

test('on a server without the roles, globals make them, and settings belong to the new database', async () => {
  const owner = `owner_${randomBytes(6).toString('hex')}`
  for (const major of [ANY_MAJOR, OTHER_MAJOR]) {
    onTestFinished(async () => {
      await execute(serverTarget(major), `DROP ROLE IF EXISTS ${owner}`)
    })
  }
  const source = await testDatabase(ANY_MAJOR, [
    `CREATE ROLE ${owner} NOINHERIT; CREATE TABLE public.t (); ALTER TABLE public.t OWNER TO ${owner}`,
  ])
  await execute(source, `ALTER DATABASE ${source.database} SET statement_timeout = '77s'`)
  const globals = parseGlobals(await withClient(source, 'reading', async (c) => formatGlobals(await readGlobals(c))))
  const copy = await testDatabase(OTHER_MAJOR)
  const archive = () => streamedSource(wasmDump({ target: source }).output)
  await expect(restoreArchive(archive(), copy, { owners: true })).rejects.toThrow(`lacks the role ${owner}`)
  const own = globals.filter(({ name }) => [owner, source.database].includes(name))
  await restoreArchive(archive(), copy, { owners: true, globals: own })
  expect(await execute(copy, `SELECT tableowner AS owner FROM pg_tables WHERE tablename = 't'`)).toEqual([{ owner }])
  expect(await execute(copy, 'SHOW statement_timeout')).toEqual([{ statement_timeout: '77s' }])
})

test('a role that may not make roles is told which one', async () => {
  const role = await testRole(await testDatabase(), ANY_MAJOR)
  const globals = [{ kind: 'role' as const, name: 'newcomer', sql: 'CREATE ROLE newcomer' }]
  const source = streamedSource(wasmDump({ target: serverTarget(ANY_MAJOR) }).output)
  await expect(restoreArchive(source, role, { globals })).rejects.toMatchObject({
    code: 'archive.restore',
    message: expect.stringMatching(/globals\.sql at .*: role of newcomer: permission denied to create role$/),
  })
})
