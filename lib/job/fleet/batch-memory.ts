// What the databases of a batch were last seen to be, in one document: ten thousand databases are not ten thousand objects.
import { z } from 'zod'
import { FLEET } from '../../config/fleet-config.ts'
import { parseJson } from '../../parse-json.ts'
import { fleetKey } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'
import { standingKey } from '../standing.ts'

const document = z.record(z.string(), z.string())

export type BatchMemory = {
  /** A store for one look at this database: what is remembered of it comes from here, and all else from `store`. */
  storeFor: (name: string, store: Store) => Store
  /** Writes what is remembered now. Throws what the store throws. */
  keep: () => Promise<void>
}

/**
 * Reads what is remembered of a batch. It is only ever a shortcut: what cannot be read, and what is of other databases since the list changed,
 * costs a full read each. Throws what the store throws.
 */
export async function openBatchMemory(
  store: Store,
  project: string,
  { batch, names }: { batch: number; names: readonly string[] },
): Promise<BatchMemory> {
  const key = fleetKey(project, `memory-${batch}.json`)
  const stored = await store.get(key)
  const parsed = document.safeParse(stored === null ? {} : parseJson(stored.body.toString('utf8')))
  const kept = parsed.success ? parsed.data : {}
  const known = new Map(names.flatMap((name) => (kept[name] === undefined ? [] : [[name, kept[name]]])))
  let isNew = known.size !== Object.keys(kept).length
  const own = standingKey(project, FLEET)
  return {
    storeFor: (name, under) => ({
      ...under,
      async get(wanted) {
        if (wanted !== own) return await under.get(wanted)
        const text = known.get(name)
        return text === undefined ? null : { body: Buffer.from(text), etag: 'remembered' }
      },
      async put(wanted, body, condition) {
        if (wanted !== own) return await under.put(wanted, body, condition)
        known.set(name, Buffer.from(body).toString('utf8'))
        isNew = true
        return { etag: 'remembered' }
      },
    }),
    async keep() {
      if (isNew) await store.put(key, JSON.stringify(Object.fromEntries(known)))
      isNew = false
    },
  }
}
