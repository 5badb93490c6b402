import { expect, test } from 'vitest'
import { blocksOfHead, blocksOfManifest, dataGroups, type Block } from '../../../lib/archive/restore/data-groups.ts'
import type { Head } from '../../../lib/archive/format/read-head.ts'
import type { TocEntry } from '../../../lib/archive/format/toc-entry.ts'
import type { Manifest } from '../../../lib/archive/manifest.ts'
import { entry } from './entry.ts'

const data = (id: number, tag: string, more: Partial<TocEntry> = {}) =>
  entry(id, 'TABLE DATA', tag, { hadDumper: true, section: 'data', copyStmt: 'COPY', ...more })
const blobs = (id: number) => entry(id, 'BLOBS', 'BLOBS', { hadDumper: true, section: 'data', namespace: '' })
const [A, B, C] = [data(1, 'a'), data(2, 'b'), data(3, 'c')]
const head = (entries: TocEntry[]) => ({ entries }) as Head
const manifest = (tables: [string, number, number][], rawBytes: number) =>
  ({ rawBytes, tables: tables.map(([name, start, bytes]) => ({ name, rows: 0, raw: { start, bytes } })) }) as Manifest
const told = (blocks: readonly Block[]) =>
  blocks.map(({ entries, start, end }) => `${entries.map(({ tag }) => tag).join(' ')} ${start}-${end}`)

test('tables lie where the manifest says, large objects in the gaps', () => {
  const entries = [entry(9, 'TABLE', 'a'), A, blobs(4), blobs(5), B, blobs(6)]
  const placed = manifest([['public.a', 100, 50], ['public.b', 180, 20]], 230) // prettier-ignore
  expect(told(blocksOfManifest(head(entries), 100, placed))).toEqual([
    'a 100-150',
    'BLOBS BLOBS 150-180',
    'b 180-200',
    'BLOBS 200-230',
  ])
})

test.each([
  ['another table', [A], [['public.b', 100, 50]], 150],
  ['a table too few', [A, B], [['public.a', 100, 50]], 150],
  ['a table too many', [A], [['public.a', 100, 50], ['public.b', 150, 50]], 200], // prettier-ignore
  ['a gap that nothing fills', [A], [['public.a', 110, 40]], 150],
  ['large objects without a place', [A, blobs(4)], [['public.a', 100, 50]], 150],
] as const)('a manifest with %s is refused', (_, entries, tables, rawBytes) => {
  const placed = manifest(tables as unknown as [string, number, number][], rawBytes)
  expect(() => blocksOfManifest(head([...entries]), 100, placed)).toThrow(/manifest|has no/)
})

test('an archive that knows its own places needs no manifest; one that does not has none', () => {
  const known = [data(1, 'a', { dataOffset: 100 }), data(2, 'b', { dataOffset: 170 })]
  expect(told(blocksOfHead(head(known), 200) ?? [])).toEqual(['a 100-170', 'b 170-200'])
  expect(blocksOfHead(head([...known, C]), 200)).toBeNull()
})

const BLOCKS: Block[] = [
  { entries: [A], start: 0, end: 40 },
  { entries: [B], start: 40, end: 60 },
  { entries: [C], start: 60, end: 300 },
]
const piece = (offset: number) => Math.floor(offset / 50)
const own = (offset: number) => [0, 40, 60].findLastIndex((start) => start <= offset)

test('blocks in one piece are read together, and what lies between is passed over', () => {
  expect(told(dataGroups(BLOCKS, new Set([A, B, C]), piece, false))).toEqual(['a b c 0-300'])
  const oneWanted = dataGroups(BLOCKS, new Set([B]), piece, false)
  expect(told(oneWanted)).toEqual(['b 40-60'])
  const ends = dataGroups(BLOCKS, new Set([A, C]), () => 0, false)
  expect(told(ends)).toEqual(['a b c 0-300'])
  expect(ends[0]?.wanted).toEqual([A, C])
})

test('blocks in pieces of their own are read apart, unless one reader takes them in one go', () => {
  expect(told(dataGroups(BLOCKS, new Set([A, B, C]), own, false))).toEqual(['a 0-40', 'b 40-60', 'c 60-300'])
  expect(told(dataGroups(BLOCKS, new Set([A, B, C]), own, true))).toEqual(['a b c 0-300'])
  expect(told(dataGroups(BLOCKS, new Set([A, C]), own, true))).toEqual(['a 0-40', 'c 60-300'])
})
