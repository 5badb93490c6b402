import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { RaingaugeError } from '../../lib/error.ts'
import { finding, verdict } from '../../lib/finding.ts'
import { readState } from '../../lib/incident/read-state.ts'
import { settleNotices, writeState, type Look } from '../../lib/incident/write-state.ts'
import { directoryStore } from '../../lib/store/directory-store.ts'
import type { Store } from '../../lib/store/store.ts'

const KEY = 'state/app/production.json'
const NOW = new Date('2026-11-22T09:00:00Z')

const look = (...names: string[]): Look => ({
  project: 'app',
  environment: 'production',
  job: 'check',
  now: NOW,
  verdicts: [
    verdict(
      'ledger',
      'production',
      1,
      names.map((name) =>
        finding('production', 'ledger.behind', {
          subject: { class: 'migration', name },
          summary: `${name} is missing`,
        }),
      ),
    ),
  ],
})

async function testStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'raingauge-incident-'))
  onTestFinished(async () => await rm(folder, { recursive: true }))
  return directoryStore(folder)
}

test('what one run writes the next one reads', async () => {
  const store = await testStore()
  expect(await readState(store, 'app', 'production')).toEqual({ state: null, etag: null, putAside: null })
  const first = await writeState(store, look('0001'))
  const second = await writeState(store, look('0001', '0002'))
  expect(first.notices.map(({ what }) => what)).toEqual(['opened'])
  expect(second.notices.map(({ incident }) => incident.summary)).toEqual(['0002 is missing'])
  expect((await readState(store, 'app', 'production')).state).toEqual(second.state)
})

test('two runs at once tell everything, and nothing twice', async () => {
  const store = await testStore()
  const told = await Promise.all([writeState(store, look('0001')), writeState(store, look('0001'))])
  expect(told.flatMap(({ notices }) => notices.map(({ what }) => what))).toEqual(['opened'])
})

test('a run that is overtaken between reading and writing decides again on what is there now', async () => {
  const store = await testStore()
  let overtaken = false
  const slow: Store = {
    ...store,
    put: async (...args) => {
      if (!overtaken) {
        overtaken = true
        await writeState(store, look('0001'))
      }
      return await store.put(...args)
    },
  }
  expect((await writeState(slow, look('0001', '0002'))).notices.map(({ incident }) => incident.summary)).toEqual([
    '0002 is missing',
  ])
})

test('gives up with the conflict when it is overtaken every time', async () => {
  const store = await testStore()
  let tries = 0
  const contested: Store = {
    ...store,
    put: () => {
      tries++
      return Promise.reject(new RaingaugeError('store.conflict', 'somebody was faster'))
    },
  }
  await expect(writeState(contested, look('0001'))).rejects.toMatchObject({ code: 'store.conflict' })
  expect(tries).toBe(5)
})

test.each([
  ['no JSON', '{"version": 1, "inci'],
  ['no UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
  ['nothing', ''],
  ['null', 'null'],
  ['another document', '{"project":"app"}'],
  ['a version of the future', '{"version":2,"updatedAt":"2026-11-22T09:00:00.000Z","incidents":{}}'],
  ['a time that is none', '{"version":1,"updatedAt":"yesterday","incidents":{}}'],
])('a state that is %s is put aside, said so, and the run goes on', async (_name, body) => {
  const store = await testStore()
  await store.put(KEY, body)
  const { notices, putAside } = await writeState(store, look('0001'))
  expect(notices.map(({ what }) => what)).toEqual(['opened'])
  const keys: string[] = []
  for await (const { key } of store.list('state/')) keys.push(key)
  const aside = keys.find((key) => key !== KEY)!
  expect(putAside).toBe(store.locate(aside))
  expect((await store.get(aside))?.body).toEqual(Buffer.from(body))
  expect((await writeState(store, look('0001'))).putAside).toBeNull()
})

test('a wreck that another run mends meanwhile is still told of', async () => {
  const store = await testStore()
  await store.put(KEY, 'wreck')
  let overtaken = false
  const slow: Store = {
    ...store,
    put: async (key, ...rest) => {
      if (!overtaken && key === KEY) {
        overtaken = true
        await writeState(store, look('0001'))
      }
      return await store.put(key, ...rest)
    },
  }
  const { putAside, notices } = await writeState(slow, look('0001'))
  expect({ told: notices.length, named: putAside?.includes('production.json.corrupt-') }).toEqual({
    told: 0,
    named: true,
  })
})

test('a store that fails is not taken for an empty one', async () => {
  const store = await testStore()
  const down: Store = {
    ...store,
    get: () => Promise.reject(new RaingaugeError('store.unavailable', 'the store is away')),
  }
  await expect(writeState(down, look('0001'))).rejects.toMatchObject({ code: 'store.unavailable' })
  expect(await store.get(KEY)).toBeNull()
})

test('what could not be told is told by the next run, and settled once it was', async () => {
  const store = await testStore()
  const first = await writeState(store, look('0001'))
  const later = { ...look('0001'), now: new Date(NOW.getTime() + 3_600_000) }
  const second = await writeState(store, later)
  expect(second.notices).toEqual(first.notices)
  await settleNotices(store, { project: 'app', environment: 'production' }, second.notices)
  expect((await writeState(store, later)).notices).toEqual([])
})
