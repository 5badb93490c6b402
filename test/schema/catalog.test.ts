import { zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  decodeCatalog,
  encodeCatalog,
  fingerprint,
  openCatalog,
  qualifiedName,
  type Catalog,
} from '../../lib/schema/catalog.ts'
import type { RaingaugeError } from '../../lib/error.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'

const catalog: Catalog = {
  serverVersion: '17.10',
  objects: [
    {
      class: 'table',
      name: 'public.b',
      path: ['public', 'b'],
      attributes: { rowSecurity: true, options: ['a=1', 'b=2'] },
    },
    {
      class: 'column',
      name: 'public.b.ü',
      path: ['public', 'b', 'ü'],
      parent: 'table public.b',
      attributes: { type: 'text', statistics: 5 },
      position: 1,
    },
  ],
}

const reordered: Catalog = {
  serverVersion: '17.11',
  objects: catalog.objects.toReversed().map((object) => ({
    ...object,
    ...(object.position === undefined ? {} : { position: object.position + 1 }),
    attributes: Object.fromEntries(Object.entries(object.attributes).toReversed()),
  })),
}

test('a catalog comes back from its bytes', () => {
  expect(decodeCatalog(encodeCatalog(catalog))).toEqual({
    ...catalog,
    objects: catalog.objects.toSorted((a, b) => (a.class < b.class ? -1 : 1)),
  })
})

test('the bytes do not depend on the order of reading', () => {
  expect(encodeCatalog({ ...catalog, objects: catalog.objects.toReversed() })).toEqual(encodeCatalog(catalog))
})

test('the fingerprint is that of the compared facts alone', () => {
  expect(fingerprint(reordered)).toBe(fingerprint(catalog))
  const [table, column] = catalog.objects as [Catalog['objects'][0], Catalog['objects'][0]]
  for (const changed of [
    [table],
    [table, { ...column, attributes: { ...column.attributes, statistics: 6 } }],
    [{ ...table, attributes: { rowSecurity: true } }, column],
    [{ ...table, name: 'public.c' }, column],
  ]) {
    expect(fingerprint({ ...catalog, objects: changed })).not.toBe(fingerprint(catalog))
    expect(diffCatalogs(catalog, { ...catalog, objects: changed })).not.toEqual([])
  }
  expect(diffCatalogs(catalog, reordered)).toEqual([])
  expect(fingerprint({ ...catalog, unmodelled: [{ class: 'moon', name: 'm' }] })).not.toBe(fingerprint(catalog))
})

test('the fingerprint is read without the catalog, and is that of what is decoded', () => {
  const { fingerprint: kept, decode } = openCatalog(encodeCatalog(reordered))
  expect(kept).toBe(fingerprint(catalog))
  expect(fingerprint(decode())).toBe(kept)
  expect(openCatalog(zstdCompressSync('{"serverVersion":"17","objects":[]}')).fingerprint).toBeUndefined()
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['no zstd', Buffer.from('{}')],
  ['a frame cut short', encodeCatalog(catalog).subarray(0, -5)],
  ['no JSON', zstdCompressSync('nonsense')],
  ['no object', zstdCompressSync('[]')],
  ['an object of another class', zstdCompressSync('{"serverVersion":"17","objects":[{"class":"spaceship"}]}')],
  [
    'an object without facts',
    zstdCompressSync('{"serverVersion":"17","objects":[{"class":"table","name":"t","path":[]}]}'),
  ],
  ['an owner that is no name', zstdCompressSync('{"serverVersion":"17","objects":[],"owner":5}')],
  [
    'a list of what is not modelled that is none',
    zstdCompressSync('{"serverVersion":"17","objects":[],"unmodelled":[1]}'),
  ],
  ['a part that no catalog has', zstdCompressSync('{"serverVersion":"17","objects":[],"more":1}')],
])('%s is a corrupt catalog', (_, bytes) => {
  expect(() => decodeCatalog(bytes)).toThrow(expect.objectContaining({ code: 'store.corrupt' }))
})

test('a byte that changed on the way is noticed', () => {
  const bytes = encodeCatalog(catalog)
  const quiet = [...bytes.keys()].filter((index) => {
    const flipped = Buffer.from(bytes)
    flipped[index] = flipped.readUInt8(index) ^ 0x10
    try {
      return fingerprint(decodeCatalog(flipped)) !== fingerprint(catalog)
    } catch (error) {
      return (error as RaingaugeError).code !== 'store.corrupt'
    }
  })
  expect(quiet).toEqual([])
})

test('names are told apart, whatever is in them', () => {
  expect(qualifiedName(['public', 'users'])).toBe('public.users')
  expect(qualifiedName(['a.b', 'c'])).not.toBe(qualifiedName(['a', 'b.c']))
  expect(qualifiedName(['a"', 'B'])).toBe('"a"""."B"')
})
