// A backup that is about to outgrow where it runs says so, where that has a limit.
import { expect, test } from 'vitest'
import { runBackup } from '../../lib/job/backup.ts'
import { ANY_MAJOR, testDatabase } from '../support/database.ts'
import { jobContext } from '../support/job-context.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

test('the third archive that took longer than there is time is a warning, and no word where there is no limit', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t AS SELECT 1 AS n')
  const context = jobContext(await migrationsFolder([]), { production: target }, { now: () => new Date() })
  const limited = { ...context, limits: { timeMs: 1, storageBytes: 1 } }
  const kinds = async (of: typeof context): Promise<string[]> =>
    (await runBackup(of)).verdicts.flatMap(({ findings }) =>
      findings.map(({ kind, severity }) => `${kind} ${severity}`),
    )
  expect([await kinds(limited), await kinds(limited)]).toEqual([[], []])
  expect(await kinds(limited)).toEqual(['archive.backup-outgrows warning'])
  expect(await kinds(context)).toEqual([])
})
