// One archive for many tests: dumped once, kept in memory, and read by ranges that are counted.
import { readFileSync } from 'node:fs'
import { framedSource } from '../../lib/archive/read-frames.ts'
import type { RangedSource } from '../../lib/archive/archive-source.ts'
import { wasmDump } from '../../lib/archive/engine/wasm-dump.ts'
import type { Manifest } from '../../lib/archive/manifest.ts'
import { ANY_MAJOR, testDatabase } from '../support/database.ts'
import { dumpOf, temporaryStore, writtenArchive } from './archive-fixture.ts'

export type SharedArchive = { manifest: Manifest; stored: Buffer; raw: Buffer }

const FRAMES = { least: 2_000, most: 40_000 }

/** Makes the archive when first asked for, within that test. */
export function sharedArchive(statements: string): () => Promise<SharedArchive> {
  let made: Promise<SharedArchive> | undefined
  return () => (made ??= make(statements))
}

async function make(statements: string): Promise<SharedArchive> {
  const target = await testDatabase(ANY_MAJOR, statements)
  const chunks: Uint8Array[] = []
  for await (const chunk of wasmDump({ target }).output) chunks.push(chunk)
  const raw = Buffer.concat(chunks)
  const { manifest, location } = await writtenArchive(await temporaryStore(), dumpOf(raw), { frameLimits: FRAMES })
  return { manifest, stored: readFileSync(location), raw }
}

/** The archive as a source whose reads are added up. */
export function countedSource({ manifest, stored }: SharedArchive): { source: RangedSource; read: () => number } {
  let read = 0
  const source = framedSource(manifest, 'memory', async function* ({ start, end }) {
    const bytes = stored.subarray(start, end)
    read += bytes.length
    yield await Promise.resolve(bytes)
  })
  return { source, read: () => read }
}

/** The archive with a bit turned over in the frame that holds this raw byte. */
export function withFlippedBit({ manifest, stored, raw }: SharedArchive, at: number): SharedArchive {
  const frame = manifest.frames.find(({ raw: { start, bytes } }) => start <= at && at < start + bytes)
  if (frame === undefined) throw new Error(`no frame holds byte ${at}`)
  const spoiled = Buffer.from(stored)
  const place = frame.stored.start + (frame.stored.bytes >> 1)
  spoiled.writeUInt8(spoiled.readUInt8(place) ^ 1, place)
  return { manifest, stored: spoiled, raw }
}

/** Where the rows of a table lie in the uncompressed archive. */
export function placeOf({ manifest }: SharedArchive, table: string): number {
  const found = manifest.tables.find(({ name }) => name === table)
  if (found === undefined) throw new Error(`no table ${table}`)
  return found.raw.start
}
