import { archivePrefix, isOfSlot, parseArchiveKey, slotBytes } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { findArchive, type GoodRecord } from './list-archives.ts'

/** The archive that a run made for this slot; null where none did, or none that is good. Throws what the store throws. */
export async function findOfSlot(
  store: Store,
  project: string,
  environment: string,
  slot: Date,
): Promise<GoodRecord | null> {
  const bytes = slotBytes(project, environment, slot)
  for await (const { key } of store.list(archivePrefix(project, environment))) {
    const parsed = parseArchiveKey(key)
    if (parsed?.file !== 'manifest.json' || !isOfSlot(parsed.id, bytes, slot)) continue
    const record = await findArchive(store, project, environment, parsed.id)
    if (record?.kind === 'archive' && record.failure?.stage !== 'verify') return record
  }
  return null
}
