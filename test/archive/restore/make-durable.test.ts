import { expect, test } from 'vitest'
import { makeDurable } from '../../../lib/archive/restore/make-durable.ts'
import { withClient } from '../../../lib/postgres/client.ts'
import { execute, OLDEST_AND_NEWEST, testDatabase, testRole } from '../../support/database.ts'

test.each(OLDEST_AND_NEWEST)(
  'PostgreSQL %i: commits that nobody waited for are on disk when it returns',
  async (major) => {
    const target = await testDatabase(major)
    // The test servers wait for nothing, unless told.
    await execute(target, `ALTER DATABASE ${target.database} SET synchronous_commit = on`)
    const role = await testRole(target, major)
    const [written] = await execute<{ lsn: string }>(
      target,
      'SET synchronous_commit = off; CREATE TABLE public.a (n int); SELECT pg_current_wal_insert_lsn()::text AS lsn',
    )
    await withClient(role, 'testing', makeDurable)
    const flushed = await execute(target, `SELECT pg_current_wal_flush_lsn() >= '${written?.lsn}' AS yes`)
    expect(flushed).toEqual([{ yes: true }])
  },
)
