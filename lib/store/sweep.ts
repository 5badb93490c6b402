import type { Store } from './store.ts'

/**
 * Removes what killed writers left unfinished under the prefix, where nobody was at work since `before`: leave running
 * ones a margin of an hour, for clocks that differ too. Returns the keys. Throws what the store throws.
 */
export async function sweepUnfinished(store: Store, prefix: string, before: Date): Promise<string[]> {
  const swept: string[] = []
  for await (const { key, aliveAt, discard } of store.unfinished(prefix)) {
    if (aliveAt >= before) continue
    await discard()
    swept.push(key)
  }
  return swept
}
