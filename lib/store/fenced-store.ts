import type { Store } from './store.ts'
import type { Lease } from './with-lease.ts'

/**
 * The same store, in which nothing becomes visible unless the lease is ours at that moment: each write and each commit asks
 * first. Taking back what was written needs no lease. Throws `lease.lost`, and what the store throws.
 */
export function fencedStore(store: Store, lease: Lease): Store {
  return {
    ...store,
    async put(key, body, condition) {
      await lease.confirm()
      return await store.put(key, body, condition)
    },
    async upload(key, expectedBytes) {
      const upload = await store.upload(key, expectedBytes)
      return {
        ...upload,
        async commit() {
          await lease.confirm()
          return await upload.commit()
        },
      }
    },
    async retain(key, retention) {
      await lease.confirm()
      await store.retain(key, retention)
    },
  }
}
