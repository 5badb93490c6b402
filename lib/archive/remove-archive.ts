// Takes an archive out of the store, so that at no moment there is half of one to be found.
import { archivePrefix } from '../store/keys.ts'
import type { Store } from '../store/store.ts'

const MANIFEST = 'manifest.json'

/**
 * Deletes the archive with this id: its manifest first, so that it no longer exists, then the rest. What a crash leaves in between has
 * no manifest, and is swept as a leftover. Throws what the store throws.
 */
export async function removeArchive(
  store: Store,
  { project, environment, id }: { project: string; environment: string; id: string },
): Promise<void> {
  const folder = `${archivePrefix(project, environment)}${id}/`
  await store.delete(`${folder}${MANIFEST}`)
  const rest: string[] = []
  for await (const { key } of store.list(folder)) rest.push(key)
  for (const key of rest) await store.delete(key)
}
