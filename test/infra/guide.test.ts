// The deployment guide says what the policies say.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { accessTables } from '../../scripts/access-tables.ts'
import { replaceBetween } from '../../scripts/replace-between.ts'
import { synthesize } from '../support/synthesized-stack.ts'
import { deployedFunction } from '../support/template-functions.ts'

const guide = readFileSync(new URL('../../docs/DEPLOYMENT_GUIDE.md', import.meta.url), 'utf8')

test('the tables of the guide are those that the code makes (npm run guide)', () => {
  expect(replaceBetween(guide, 'access', accessTables()) === guide).toBe(true)
})

test.each(['check', 'backup', 'drill', 'prune'])('no right of the %s in the store is missing in them', (job) => {
  const rows = accessTables()
    .split('\n')
    .filter((row) => row.startsWith(`| ${job} `))
  const { grants } = deployedFunction(synthesize(), new RegExp(`${job}Job`), 'store')
  const inStore = grants.filter(({ action }) => action.startsWith('s3:'))
  expect(inStore.length).toBeGreaterThan(3)
  const told = ({ action, resource }: { action: string; resource: string }): boolean => {
    const key = resource.replace(/^arn:aws:s3:::store\/?/, '')
    return rows.some((row) => row.includes(`\`${action}\``) && row.includes(key === '' ? 'the bucket' : `\`${key}\``))
  }
  expect(inStore.filter((grant) => !told(grant))).toEqual([])
})
