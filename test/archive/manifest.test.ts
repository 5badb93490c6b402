import { expect, test } from 'vitest'
import { parseManifest, type Manifest } from '../../lib/archive/manifest.ts'

const SUM = 'a'.repeat(64)
const GOOD: Manifest = {
  format: 1,
  id: '20260102T030405Z-01020304',
  project: 'app',
  environment: 'production',
  startedAt: '2026-01-02T03:04:05.000Z',
  finishedAt: '2026-01-02T03:05:05.000Z',
  raingauge: '0.1.0',
  engine: { name: 'wasm', version: '18.3' },
  serverVersion: '17.10',
  database: 'app',
  rawBytes: 300,
  storedBytes: 30,
  sha256: { raw: SUM, stored: SUM },
  tables: [{ name: 'public.users', rows: 3, raw: { start: 100, bytes: 50 } }],
  envelope: null,
  frames: [
    { stored: { start: 0, bytes: 20 }, raw: { start: 0, bytes: 200 }, sha256: SUM },
    { stored: { start: 20, bytes: 10 }, raw: { start: 200, bytes: 100 }, sha256: SUM },
  ],
  catalog: { fingerprint: 'f', sha256: SUM },
  globals: { sha256: SUM },
  ledger: { count: 1, sha256: SUM, newest: { tag: null, hash: SUM } },
  roles: ['app'],
  durations: { dump: 60_000 },
}

const parse = (document: unknown) => parseManifest(Buffer.from(JSON.stringify(document)))
const [first, second] = GOOD.frames as [Manifest['frames'][0], Manifest['frames'][0]]

test('a manifest is read as it was written', () => {
  expect(parse(GOOD)).toEqual(GOOD)
  expect(parse({ ...GOOD, catalog: null, ledger: null })).toMatchObject({ catalog: null, ledger: null })
})

test.each<[string, unknown, string]>([
  ['another format', { ...GOOD, format: 2 }, 'format'],
  ['no frames', { ...GOOD, frames: [] }, 'frames'],
  ['a gap between frames', { ...GOOD, frames: [first, { ...second, stored: { start: 21, bytes: 9 } }] }, 'frames'],
  ['frames that overlap', { ...GOOD, frames: [first, { ...second, raw: { start: 199, bytes: 101 } }] }, 'frames'],
  ['a frame too few', { ...GOOD, frames: [first] }, 'do not add up'],
  ['another size', { ...GOOD, storedBytes: 31 }, 'do not add up'],
  ['less than no rows', { ...GOOD, tables: [{ ...GOOD.tables[0], rows: -1 }] }, 'tables.0.rows'],
  ['half a hash', { ...GOOD, sha256: { raw: SUM, stored: 'abc' } }, 'sha256.stored'],
  ['no time', { ...GOOD, startedAt: 'yesterday' }, 'startedAt'],
  ['a list', [], 'not as it should be'],
])('%s is refused, and the place named', (_, document, words) => {
  const refused = () => parse(document)
  expect(refused).toThrow(words)
  expect(refused).toThrow(expect.objectContaining({ code: 'archive.corrupt' }))
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['half of it', Buffer.from(JSON.stringify(GOOD)).subarray(0, -1)],
  ['a web page', Buffer.from('<html>404</html>')],
  ['bytes that are no text', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
])('%s is not JSON', (_, bytes) => {
  expect(() => parseManifest(bytes)).toThrow('manifest.json is not JSON')
})
