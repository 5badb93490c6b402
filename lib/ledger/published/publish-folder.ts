// Puts a migrations folder into the store, for jobs that run somewhere else: the folder first, then the record that names it.
import { hasCode } from '../../error.ts'
import { publicationId, publicationKey } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'
import type { Folder } from '../folder.ts'
import { readFolder } from '../read-folder.ts'
import { hasMore } from './has-more.ts'
import { packFiles, unpackFiles, type PackedFiles } from './pack-files.ts'
import { addPublication, readPublications, type Publication } from './publication-record.ts'
import { readFolderFiles } from './read-files.ts'
import { readPublished } from './read-published.ts'
import type { UnpackedFolders } from './unpacked-folders.ts'

export type PublishRequest = {
  store: Store
  project: string
  /** The migrations folder. */
  path: string
  now: () => Date
  unpacked: UnpackedFolders
  /** Also where the published folder has these migrations and more. */
  older?: boolean
  signal?: AbortSignal | undefined
}

/** `same`: it was published already. `older`: what is published has all of it and more, so it stays. `publication`: the newest by now. */
export type Published = { outcome: 'published' | 'same' | 'older'; publication: Publication }

/** Nobody publishes so often; a store that always says no would be asked for ever. */
const MOST_TRIES = 20

/**
 * Publishes the folder, whole or not at all; of publishers at the same time each comes before or after the other. A published one that is damaged is
 * replaced. Throws `folder.*` for what is no folder of migrations, `store.*` where the store fails.
 */
export async function publishFolder(request: PublishRequest): Promise<Published> {
  const { store, project, path, now, signal } = request
  const folder = await readFolder(path)
  const files = packFiles(await readFolderFiles(folder))
  const publishedAt = now()
  const publication: Publication = {
    id: publicationId(publishedAt, files.sha256),
    sha256: files.sha256,
    publishedAt: publishedAt.toISOString(),
    tag: folder.entries.at(-1)?.tag ?? null,
    migrations: folder.migrations.length,
  }
  let stored = false
  for (let tries = 1; ; tries += 1) {
    signal?.throwIfAborted()
    const record = await readPublications(store, project)
    const [newest] = record.publications
    const there = newest === undefined ? null : await unlessDamaged(newest, request)
    if (newest !== undefined && there !== null) {
      if (newest.sha256 === files.sha256) return { outcome: 'same', publication: newest }
      if (request.older !== true && hasMore(there, folder)) return { outcome: 'older', publication: newest }
    }
    if (!stored) await storeFiles(store, publicationKey(project, publication.id), files)
    stored = true
    try {
      await addPublication(store, project, record, publication)
      return { outcome: 'published', publication }
    } catch (error) {
      // Another was quicker, and may have published the very same.
      if (!hasCode(error, 'store.conflict') || tries === MOST_TRIES) throw error
    }
  }
}

/** Two may publish the same in the same second: then the other's will do, if it is whole. */
async function storeFiles(store: Store, key: string, { packed, sha256 }: PackedFiles): Promise<void> {
  try {
    await store.put(key, packed, 'absent')
  } catch (error) {
    if (!hasCode(error, 'store.conflict')) throw error
    const there = await store.get(key)
    unpackFiles(there?.body ?? Buffer.alloc(0), sha256, store.locate(key))
  }
}

async function unlessDamaged(
  newest: Publication,
  { store, project, unpacked }: PublishRequest,
): Promise<Folder | null> {
  try {
    return await readPublished(store, project, newest, unpacked)
  } catch (error) {
    if (hasCode(error, 'store.corrupt', 'folder.invalid', 'folder.missing')) return null
    throw error
  }
}
