// One holder at a time, in a store: crashed holders, holders that slept, stores that fail.
import { beforeEach, describe, expect, test } from 'vitest'
import { directoryStore } from '../../lib/store/directory-store.ts'
import { fencedStore } from '../../lib/store/fenced-store.ts'
import { LEASE_TIMES, takeNote, type LeaseTimes } from '../../lib/store/lease.ts'
import type { Store } from '../../lib/store/store.ts'
import { withLease, type Lease, type LeaseRequest } from '../../lib/store/with-lease.ts'
import { testFolder } from '../support/directory.ts'
import { testS3 } from '../support/s3.ts'

const KEY = 'locks/app/production/backup.json'
const NOW = new Date('2026-01-02T03:00:00Z')
/** Waiting for a dead holder takes no longer than this. */
const QUICK: LeaseTimes = { ...LEASE_TIMES, lifeMs: 30, renewMs: 20 }

const request = (changes: Partial<LeaseRequest> = {}): LeaseRequest => ({
  key: KEY,
  holder: 'process 1 on one',
  now: () => NOW,
  ...changes,
})
const other = (changes: Partial<LeaseRequest> = {}): LeaseRequest => request({ holder: 'process 2 on two', ...changes })
const done = (): Promise<string> => Promise.resolve('done')

describe.each<[string, () => Promise<Store>]>([
  ['directory', () => Promise.resolve(directoryStore(testFolder()))],
  ['S3', async () => (await testS3()).store],
])('a lease in a store: %s', (_name, makeStore) => {
  let store: Store
  beforeEach(async () => {
    store = await makeStore()
  })

  test('while one works, another is told who and since when; afterwards it is free', async () => {
    const outcome = await withLease(store, request(), async (lease) => {
      await lease.confirm()
      expect(await withLease(store, other(), done)).toEqual({
        held: { holder: 'process 1 on one', since: NOW, brief: false },
      })
      return 'mine'
    })
    expect(outcome).toEqual({ held: null, result: 'mine' })
    expect(await withLease(store, other(), done)).toEqual({ held: null, result: 'done' })
  })

  test('of many who come at once, one works', async () => {
    let atWork = 0
    let most = 0
    const everybody = Array.from({ length: 6 }, () =>
      withLease(store, request(), async () => {
        atWork += 1
        most = Math.max(most, atWork)
        await new Promise((resolve) => setTimeout(resolve, 20))
        atWork -= 1
      }),
    )
    const outcomes = await Promise.all(everybody)
    expect(most).toBe(1)
    expect(outcomes.filter(({ held }) => held === null).length).toBeGreaterThanOrEqual(1)
  })

  test('a holder that is brief is waited for, but not for ever', async () => {
    const times = { ...LEASE_TIMES, lookMs: 1 }
    const order: string[] = []
    let waiting: Promise<unknown> | undefined
    await withLease(store, request({ brief: true }), async () => {
      const looked: string[] = []
      const counting: Store = { ...store, get: async (key) => (looked.push(key), await store.get(key)) }
      const tired = other({ times: { ...times, lookMs: 20, waitMs: 60 } })
      expect(await withLease(counting, tired, done)).toMatchObject({ held: { brief: true } })
      // With a pause before each look but the first.
      expect(looked.splice(0).length).toBeLessThan(6)
      waiting = withLease(counting, other({ times }), async () => order.push('the other'))
      await expect.poll(() => looked.length).toBeGreaterThan(2)
      order.push('the brief one')
    })
    await waiting
    expect(order).toEqual(['the brief one', 'the other'])
  })

  test('the lease of a crashed holder is taken over once it has ended', async () => {
    const crashed = takeNote('dead', 'process 9 on nine', new Date(NOW.getTime() - 3_600_000), LEASE_TIMES)
    await store.put(KEY, JSON.stringify(crashed))
    const watched: string[] = []
    const onWatch = (holder: string, forMs: number): void => void watched.push(`${holder} ${forMs}`)
    expect(await withLease(store, request({ times: QUICK, onWatch }), done)).toEqual({ held: null, result: 'done' })
    expect(watched).toEqual(['process 9 on nine 30'])
  })

  test('what cannot be read holds nobody up for ever', async () => {
    await store.put(KEY, 'not a lease')
    expect(await withLease(store, request({ times: QUICK }), done)).toEqual({ held: null, result: 'done' })
  })

  test('whoever was taken over learns it before it publishes, and publishes nothing', async () => {
    // No renewal is due meanwhile: who publishes finds it.
    const working = withLease(store, request(), async (lease) => {
      // This process sleeps, so to speak, while another takes over and works.
      const asleep = new Date(NOW.getTime() + 86_400_000)
      const stolen = await store.put(KEY, JSON.stringify(takeNote('b', 'process 2 on two', asleep, LEASE_TIMES)))
      expect(stolen.etag).toMatch(/\w/)
      const fenced = fencedStore(store, lease)
      const upload = await fenced.upload('archives/a')
      await upload.write(Buffer.from('half'))
      await expect(upload.commit()).rejects.toMatchObject({ code: 'lease.lost' })
      await upload.abort()
      expect(lease.signal.aborted).toBe(true)
      await fenced.put('archives/manifest.json', '{}', 'absent')
    })
    await expect(working).rejects.toMatchObject({ code: 'lease.lost' })
    expect(await store.get('archives/a')).toBeNull()
    expect(await store.get('archives/manifest.json')).toBeNull()
    expect((await store.get(KEY))?.body.toString()).toContain('process 2 on two')
  })

  test('a holder whose clock is slow lives for as long as it renews', async () => {
    const hour = new Date(NOW.getTime() + 3_600_000)
    await withLease(store, request({ times: { ...LEASE_TIMES, lifeMs: 60_000, renewMs: 10 } }), async () => {
      const fast = other({ now: () => hour, times: { ...LEASE_TIMES, lifeMs: 1_000, renewMs: 500 } })
      expect(await withLease(store, fast, done)).toMatchObject({ held: { holder: 'process 1 on one' } })
    })
  })
})

test('a renewal sees the takeover by itself, and ends the work', async () => {
  const store = directoryStore(testFolder())
  const working = withLease(
    store,
    request({ times: { ...LEASE_TIMES, lifeMs: 60_000, renewMs: 5 } }),
    async ({ signal }) => {
      const ended = new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
      // Between two renewals; the next one finds it.
      await store.delete(KEY)
      await ended
    },
  )
  await expect(working).rejects.toMatchObject({ code: 'lease.lost' })
})

test('a store that is away for a while costs nobody the lease; one that is away when it counts does', async () => {
  const { standIn, store } = await testS3()
  let lease: Lease | undefined
  await withLease(store, request({ times: { ...LEASE_TIMES, lifeMs: 60_000, renewMs: 1 } }), async (mine) => {
    lease = mine
    standIn.fail(3, { operation: 'PutObject', status: 503 })
    await expect.poll(() => standIn.calls.length).toBeGreaterThan(8)
    expect(mine.signal.aborted).toBe(false)
    await mine.confirm()
  })
  expect(lease?.signal.aborted).toBe(false)
  const failing = withLease(store, request(), async (mine) => {
    standIn.fail(6, { operation: 'PutObject', status: 503 })
    await mine.confirm()
  })
  await expect(failing).rejects.toMatchObject({ code: 'store.unavailable' })
})

test('a store that overlooks conditions is refused: no lease could hold in it', async () => {
  const store = directoryStore(testFolder())
  const lax: Store = { ...store, put: (key, body) => store.put(key, body) }
  await expect(withLease(lax, request(), done)).rejects.toMatchObject({ code: 'store.unsupported' })
})

test('who waits for a dead holder can be stopped', async () => {
  const store = directoryStore(testFolder())
  await store.put(KEY, 'not a lease')
  const signal = AbortSignal.abort(new Error('stopped by hand'))
  await expect(withLease(store, request({ signal }), done)).rejects.toThrow('stopped by hand')
  const abort = new AbortController()
  const waiting = withLease(store, request({ signal: abort.signal }), done)
  setTimeout(() => abort.abort(new Error('stopped later')), 20)
  await expect(waiting).rejects.toThrow('stopped later')
})
