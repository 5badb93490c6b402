import { expect, test } from 'vitest'
import {
  archiveId,
  archiveKey,
  archivePrefix,
  baselineKey,
  isArchiveId,
  lockKey,
  parseArchiveKey,
  stateKey,
} from '../../lib/store/keys.ts'
import { isKey } from '../../lib/store/object-key.ts'

const ID = '20260102T030405Z-0a1b2cff'
const HASH = 'ab'.repeat(32)

test('an archive id says when, and which', () => {
  const id = archiveId(new Date('2026-01-02T03:04:05.678Z'), Uint8Array.of(0x0a, 0x1b, 0x2c, 0xff))
  expect(id).toBe(ID)
  expect(isArchiveId(id)).toBe(true)
  expect(() => archiveId(new Date(), new Uint8Array(3))).toThrow('4 random bytes')
})

test('the layout of the store', () => {
  const keys = [
    archiveKey('app', 'production', ID, 'manifest.json'),
    stateKey('app', 'production'),
    baselineKey(HASH),
    lockKey('app', 'production', 'backup'),
  ]
  expect(keys).toEqual([
    `archives/app/production/${ID}/manifest.json`,
    'state/app/production.json',
    `baselines/${HASH}.json.zst`,
    'locks/app/production/backup.json',
  ])
  expect(keys.every(isKey)).toBe(true)
  expect(keys[0]?.startsWith(archivePrefix('app', 'production'))).toBe(true)
})

test('environments that begin alike share no prefix', () => {
  expect(archiveKey('app', 'prod-eu', ID, 'manifest.json').startsWith(archivePrefix('app', 'prod'))).toBe(false)
})

test('an archive key is read back', () => {
  expect(parseArchiveKey(archiveKey('app', 'prod', ID, 'archive.dump.zst'))).toEqual({
    project: 'app',
    environment: 'prod',
    id: ID,
    file: 'archive.dump.zst',
  })
})

test.each([
  `archives/app/prod/${ID}`,
  `archives/app/prod/${ID}/`,
  `archives/app/prod/${ID}/a/b`,
  'archives/app/prod/latest/manifest.json',
  `state/app/prod/${ID}/manifest.json`,
  '',
])('%j is no archive key', (key) => {
  expect(parseArchiveKey(key)).toBeNull()
})

test.each(['', 'Production', 'a/b', '..', 'a b', 'ä'])('the name %j makes no key', (name) => {
  expect(() => archivePrefix('app', name)).toThrow('cannot be part of a key')
  expect(() => stateKey(name, 'production')).toThrow('cannot be part of a key')
  expect(() => lockKey('app', 'production', name)).toThrow('cannot be part of a key')
})

test('what is no id or hash makes no key', () => {
  expect(() => archiveKey('app', 'production', '../../etc', 'manifest.json')).toThrow('not the id of an archive')
  expect(() => baselineKey('abc')).toThrow('SHA-256')
})
