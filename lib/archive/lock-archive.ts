// Object Lock over an archive, once it is verified: what is not proven is not worth keeping by force.
import type { LockPolicy } from '../config/archive-policy.ts'
import { archiveKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { partOf } from './part-key.ts'
import type { GoodRecord } from './list-archives.ts'

const DAY_MS = 86_400_000

/**
 * Keeps every part of the archive, its manifest last, until `policy.days` after its backup began. Throws `store.unsupported` where the
 * store cannot promise that, `store.retained` where it already promised another mode, and what the store throws.
 */
export async function lockArchive(store: Store, record: GoodRecord, policy: LockPolicy): Promise<void> {
  const until = lockedUntil(record, policy)
  for (const key of partsOf(record)) {
    const kept = await store.retention(key)
    // The same promise once more would shorten nothing, and cost a call.
    if (kept !== null && kept.until >= until) continue
    await store.retain(key, { mode: policy.mode, until })
  }
}

/** True where the archive's own bytes are kept as long as the policy says. */
export async function isLocked(store: Store, record: GoodRecord, policy: LockPolicy): Promise<boolean> {
  const until = await lockEnds(store, record)
  return until !== null && until >= lockedUntil(record, policy)
}

/** Until when the archive's own bytes are kept by force; null: they are not. */
export async function lockEnds(store: Store, record: GoodRecord): Promise<Date | null> {
  const [data = ''] = partsOf(record)
  return (await store.retention(data))?.until ?? null
}

function lockedUntil({ manifest }: GoodRecord, { days }: LockPolicy): Date {
  return new Date(Date.parse(manifest.startedAt) + days * DAY_MS)
}

function partsOf({ manifest }: GoodRecord): string[] {
  return [
    partOf(manifest, 'archive.dump.zst'),
    ...(manifest.catalog === null ? [] : [partOf(manifest, 'catalog.json.zst')]),
    ...(manifest.globals === null ? [] : [partOf(manifest, 'globals.sql')]),
    archiveKey(manifest.project, manifest.environment, manifest.id, 'manifest.json'),
  ]
}
