// Archives for tests, from a pg_dump that says what the test wants.
import type { Dump } from '../../lib/archive/engine/dump.ts'
import { findArchive, type GoodRecord } from '../../lib/archive/list-archives.ts'
import { writeArchive, type ArchiveRequest } from '../../lib/archive/write-archive.ts'
import { directoryStore } from '../../lib/store/directory-store.ts'
import { archiveId } from '../../lib/store/keys.ts'
import type { Store } from '../../lib/store/store.ts'
import { testFolder } from '../support/directory.ts'

export const now = () => new Date('2026-01-02T03:04:05Z')
export const ID = archiveId(now(), Buffer.from([1, 2, 3, 4]))

export async function temporaryStore(): Promise<Store> {
  return directoryStore(testFolder())
}

/** A pg_dump that writes these bytes, then ends well, or fails with `failure`. */
export function dumpOf(bytes: Buffer, failure?: Error, step = 4_096): Dump {
  return { engine: 'wasm', engineVersion: '18.3', output: inChunks(bytes, step, failure) }
}

export async function* inChunks(bytes: Buffer, step: number, failure?: Error): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < bytes.length; offset += step) yield bytes.subarray(offset, offset + step)
  if (failure !== undefined) throw failure
}

export function archiveRequest(dump: Dump, more: Partial<ArchiveRequest> = {}): ArchiveRequest {
  return {
    project: 'app',
    environment: 'production',
    id: ID,
    raingauge: '0.0.0',
    dump,
    server: { version: '15.1', database: 'app' },
    catalog: { bytes: Buffer.from('{"facts":[]}'), fingerprint: 'f1' },
    ledger: { count: 2, sha256: 'a'.repeat(64), newest: { tag: '0001_more', hash: 'b'.repeat(64) } },
    roles: [],
    ...more,
  }
}

export async function writtenArchive(
  store: Store,
  dump: Dump,
  more: Partial<ArchiveRequest> = {},
  at: () => Date = now,
): Promise<GoodRecord> {
  const { id } = await writeArchive({ store, now: at }, archiveRequest(dump, more))
  const record = await findArchive(store, 'app', 'production', id)
  if (record?.kind !== 'archive') throw new Error('the archive is not there')
  return record
}

export async function keysIn(store: Store): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list('')) keys.push(key)
  return keys
}
