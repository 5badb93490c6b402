import { publicationKey, publishedKey, publishedPrefix } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'
import { readPublications } from './publication-record.ts'

/** A publisher may still be about to name what it has stored. */
const SAFE_AGE_MS = 24 * 3_600_000

/**
 * Removes the folders that the record names no more, and those that no publisher came to name; returns how many. Throws `store.corrupt` where the record
 * cannot be read (then nothing is removed), and what the store throws.
 */
export async function sweepPublished(store: Store, project: string, now: Date): Promise<number> {
  const old: string[] = []
  for await (const { key, modifiedAt } of store.list(publishedPrefix(project))) {
    if (key !== publishedKey(project) && now.getTime() - modifiedAt.getTime() > SAFE_AGE_MS) old.push(key)
  }
  if (old.length === 0) return 0
  const { publications } = await readPublications(store, project)
  const named = new Set(publications.map(({ id }) => publicationKey(project, id)))
  const unnamed = old.filter((key) => !named.has(key))
  for (const key of unnamed) await store.delete(key)
  return unnamed.length
}
