import { expect, test } from 'vitest'
import { claimSweep, endSweep, SWEEP_LIFE_MS } from '../../../lib/job/fleet/claim-sweep.ts'
import { SWEEP_TIMEOUT_SECONDS } from '../../../lib/infra/fleet-definition.ts'
import { directoryStore } from '../../../lib/store/directory-store.ts'
import { testFolder } from '../../support/directory.ts'

const NOON = new Date('2026-11-22T12:00:00Z')
const later = (ms: number): Date => new Date(NOON.getTime() + ms)

function place() {
  return { store: directoryStore(testFolder()), project: 'app' }
}

test('one sweep at a time, each slot once; its own tries find it again', async () => {
  const at = place()
  const first = { run: '20261122T120000Z', by: 'execution-1', now: NOON }
  expect(await claimSweep(at, first)).toBeNull()
  expect(await claimSweep(at, first)).toBeNull()
  expect(await claimSweep(at, { ...first, by: 'execution-2' })).toMatchObject({ by: 'execution-1' })
  const next = { run: '20261122T130000Z', by: 'execution-3', now: later(3_600_000) }
  expect(await claimSweep(at, next)).toMatchObject({ by: 'execution-1', ended: false })
  await endSweep(at, first.run)
  expect(await claimSweep(at, { ...first, by: 'execution-2' })).toMatchObject({ by: 'execution-1', ended: true })
  expect(await claimSweep(at, next)).toBeNull()
})

test('of two that come together, one has it', async () => {
  const at = place()
  const claims = ['a', 'b', 'c'].map((by) => claimSweep(at, { run: '20261122T120000Z', by, now: NOON }))
  expect((await Promise.all(claims)).filter((held) => held === null)).toHaveLength(1)
})

test('one that died keeps others away for no longer than the state machine would let it live', async () => {
  const at = place()
  expect(SWEEP_LIFE_MS).toBe(SWEEP_TIMEOUT_SECONDS * 1_000)
  await claimSweep(at, { run: '20261122T120000Z', by: 'a', now: NOON })
  const next = { run: '20261122T130000Z', by: 'b' }
  expect(await claimSweep(at, { ...next, now: later(SWEEP_LIFE_MS - 1) })).not.toBeNull()
  expect(await claimSweep(at, { ...next, now: later(SWEEP_LIFE_MS) })).toBeNull()
})
