import { expect, test } from 'vitest'
import { runCheck } from '../../lib/job/check.ts'
import { makeBaselines } from '../../lib/job/make-baselines.ts'
import { testScratch } from '../schema/support.ts'
import { ANY_MAJOR, testDatabase } from '../support/database.ts'
import { migrateWithDrizzle } from '../support/drizzle-migrator.ts'
import { jobContext } from '../support/job-context.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

const FIRST = { tag: '0000_first', sql: 'CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL);' }
const SECOND = { tag: '0001_second', sql: 'ALTER TABLE teams ADD COLUMN city text;' }

test('what a pipeline replayed before it migrates, the check after it need not replay', async () => {
  const target = await testDatabase(ANY_MAJOR)
  await migrateWithDrizzle(target, await migrationsFolder([FIRST]))
  const released = await migrationsFolder([FIRST, SECOND])
  // It has no scratch server.
  const context = jobContext(released, { production: target })
  await makeBaselines({ ...context, scratch: testScratch() })
  await migrateWithDrizzle(target, released)

  const ofSchema = async (of: typeof context) =>
    (await runCheck(of)).verdicts.find((verdict) => verdict.check === 'schema')
  expect(await ofSchema(context)).toMatchObject({ status: 'clean' })
  const without = jobContext(released, { production: target })
  expect(await ofSchema(without)).toMatchObject({ status: 'unknown' })
})
