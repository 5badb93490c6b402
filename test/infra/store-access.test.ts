// What each job may do in the store, against the keys that the store really uses.
import { describe, expect, test } from 'vitest'
import { FUNCTION_JOBS, type FunctionJob } from '../../lib/config/function-variables.ts'
import { archiveKey, baselineKey, lockKey, stateKey } from '../../lib/store/keys.ts'
import { mayDo } from '../support/store-permissions.ts'

const ID = '20260102T030405Z-0a1b2c3d'
const KEYS = {
  archive: archiveKey('shop', 'production', ID, 'archive.dump.zst'),
  catalog: archiveKey('shop', 'production', ID, 'catalog.json.zst'),
  manifest: archiveKey('shop', 'production', ID, 'manifest.json'),
  verified: archiveKey('shop', 'production', ID, 'verified.json'),
  restored: archiveKey('shop', 'production', ID, 'restored.json'),
  failed: archiveKey('shop', 'production', ID, 'failed.json'),
  baseline: baselineKey('a'.repeat(64)),
  state: stateKey('shop', 'production'),
  lock: lockKey('shop', 'production', 'backup'),
}

/** The names of the keys with which the job may do this. */
function allowed(job: FunctionJob, action: string): string[] {
  return Object.entries(KEYS).flatMap(([name, key]) => (mayDo(job, action, key) ? [name] : []))
}

describe('access to the store', () => {
  test.each(FUNCTION_JOBS)('%s reads archives and state, and deletes no version of anything', (job) => {
    const others = {
      check: ['baseline', 'state'],
      backup: ['state', 'lock'],
      drill: ['state'],
      prune: ['state', 'lock'],
    }
    const ofArchive = ['archive', 'catalog', 'manifest', 'verified', 'restored', 'failed']
    expect(allowed(job, 's3:GetObject')).toEqual([...ofArchive, ...others[job]])
    expect(allowed(job, 's3:DeleteObjectVersion')).toEqual([])
    expect(allowed(job, 's3:BypassGovernanceRetention')).toEqual([])
  })

  test('a backup deletes what never became an archive, and only prune whole ones', () => {
    expect(allowed('check', 's3:DeleteObject')).toEqual([])
    expect(allowed('backup', 's3:DeleteObject')).toEqual(['archive', 'catalog'])
    expect(allowed('drill', 's3:DeleteObject')).toEqual([])
    const ofArchive = ['archive', 'catalog', 'manifest', 'verified', 'restored', 'failed']
    expect(allowed('prune', 's3:DeleteObject')).toEqual(ofArchive)
  })

  test('every job sees what is locked, and only a backup locks', () => {
    const ofArchive = ['archive', 'catalog', 'manifest', 'verified', 'restored', 'failed']
    for (const job of FUNCTION_JOBS) expect(allowed(job, 's3:GetObjectRetention')).toEqual(ofArchive)
    const locks = FUNCTION_JOBS.map((job) => allowed(job, 's3:PutObjectRetention'))
    expect(locks).toEqual([[], ofArchive, [], []])
  })

  test('only a backup writes archives; it and prune withdraw unfinished ones', () => {
    const ofArchive = ['archive', 'catalog', 'manifest', 'verified', 'restored', 'failed']
    expect(allowed('check', 's3:PutObject')).toEqual(['baseline', 'state'])
    expect(allowed('backup', 's3:PutObject')).toEqual([...ofArchive, 'state', 'lock'])
    expect(allowed('drill', 's3:PutObject')).toEqual(['verified', 'restored', 'failed', 'state'])
    expect(allowed('prune', 's3:PutObject')).toEqual(['state', 'lock'])
    const withdraw = FUNCTION_JOBS.map((job) => allowed(job, 's3:AbortMultipartUpload'))
    expect(withdraw).toEqual([[], ofArchive, [], ofArchive])
  })
})
