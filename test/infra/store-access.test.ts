// What each job may do in the store, against the keys that the store really uses.
import { describe, expect, test } from 'vitest'
import type { FunctionJob } from '../../lib/config/function-variables.ts'
import { STORE_ACCESS } from '../../lib/infra/job-plan.ts'
import { archiveKey, baselineKey, lockKey, stateKey } from '../../lib/store/keys.ts'

const ID = '20260102T030405Z-0a1b2c3d'
const KEYS = {
  archive: archiveKey('shop', 'production', ID, 'archive.dump.zst'),
  catalog: archiveKey('shop', 'production', ID, 'catalog.json.zst'),
  manifest: archiveKey('shop', 'production', ID, 'manifest.json'),
  verified: archiveKey('shop', 'production', ID, 'verified.json'),
  restored: archiveKey('shop', 'production', ID, 'restored.json'),
  baseline: baselineKey('a'.repeat(64)),
  state: stateKey('shop', 'production'),
  lock: lockKey('shop', 'production', 'backup'),
}

/** What the job may do with each key, as the names of the keys by action. */
function access(job: FunctionJob): Record<string, string[]> {
  const granted: Record<string, string[]> = {}
  for (const { actions, keys } of STORE_ACCESS[job]) {
    for (const [name, key] of Object.entries(KEYS)) {
      if (!keys.some((pattern) => matches(pattern, key))) continue
      for (const action of actions) (granted[action] ??= []).push(name)
    }
  }
  return granted
}

/** As IAM does: `*` is any characters, slashes too. */
function matches(pattern: string, key: string): boolean {
  const [head = '', ...rest] = pattern.split('*').map((part) => part.replaceAll('.', '\\.'))
  return new RegExp(`^${[head, ...rest].join('.*')}$`).test(key)
}

describe('access to the store', () => {
  test.each(['check', 'backup', 'drill'] as const)('%s reads everything and deletes nothing but leases', (job) => {
    expect(access(job)['s3:GetObject']).toEqual(Object.keys(KEYS))
    expect(access(job)['s3:DeleteObject']).toEqual(['lock'])
  })

  test('only a backup writes archives, and withdraws unfinished ones', () => {
    expect(access('backup')['s3:AbortMultipartUpload']).toEqual(
      access('backup')['s3:PutObject']?.filter((name) => name !== 'state' && name !== 'lock'),
    )
    expect(access('backup')['s3:PutObject']).toEqual(expect.arrayContaining(['archive', 'catalog', 'manifest']))
    expect(access('check')['s3:PutObject']?.toSorted()).toEqual(['baseline', 'lock', 'state'])
    expect(access('drill')['s3:PutObject']?.toSorted()).toEqual(['lock', 'restored', 'state', 'verified'])
  })
})
