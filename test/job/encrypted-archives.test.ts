import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'
import { completeArchivePolicy } from '../../lib/config/archive-policy.ts'
import { runBackup } from '../../lib/job/backup.ts'
import { runCheck } from '../../lib/job/check.ts'
import { runDrill } from '../../lib/job/drill.ts'
import { Secret } from '../../lib/secret.ts'
import { execute, testDatabase } from '../support/database.ts'
import { jobContext, withScratchContext } from '../support/job-context.ts'

test('encrypted archives: made and verified without a private key, restored by a drill that has it', async () => {
  const key = await generateX25519Identity()
  const recipients = [await identityToRecipient(key)]
  const target = await testDatabase()
  await execute(target, `CREATE TABLE public.people AS SELECT n, 'hunter22' AS secret FROM generate_series(1, 50) n`)
  const context = jobContext(
    '/nowhere',
    { production: target },
    { archivePolicy: completeArchivePolicy({ encryption: { recipients } }) },
  )

  const backup = await runBackup(context)
  expect(backup).toMatchObject({ verdicts: [{ status: 'clean' }], archives: [{ trust: 'verified', decoded: false }] })
  const location = backup.archives[0]?.location ?? ''
  expect(location).toMatch(/archive\.dump\.zst\.age$/)
  expect(readFileSync(location).includes('hunter22')).toBe(false)

  const blind = await withScratchContext(context, runDrill)
  expect(blind).toMatchObject({
    verdicts: [{ status: 'unknown', reason: expect.stringContaining('no private key here') }],
  })

  const seeing = await withScratchContext({ ...context, identity: () => Promise.resolve(new Secret(key)) }, runDrill)
  expect(seeing).toMatchObject({ verdicts: [{ status: 'clean' }], archives: [{ trust: 'restored' }] })

  // What the store holds is seen by the hourly check, too, which has no key either.
  const check = await runCheck({ ...context, now: () => new Date('2026-12-03T09:00:00Z') })
  const kinds = check.verdicts.find((each) => each.check === 'archive')?.findings.map(({ kind }) => kind)
  expect(kinds).toEqual(['archive.stale', 'archive.drill-overdue'])
  // What the alarm for stale archives stands on: proven ones alone.
  const [made] = backup.archives
  expect(check.newestVerified).toEqual([{ environment: 'production', startedAt: made?.startedAt }])
  for (const proof of ['verified.json', 'restored.json']) rmSync(join(dirname(location), proof))
  expect((await runCheck(context)).newestVerified).toEqual([])
})
