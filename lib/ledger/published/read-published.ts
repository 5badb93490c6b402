import { RaingaugeError } from '../../error.ts'
import { publicationKey } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'
import type { Folder } from '../folder.ts'
import { readFolder } from '../read-folder.ts'
import { unpackFiles } from './pack-files.ts'
import type { Publication } from './publication-record.ts'
import type { UnpackedFolders } from './unpacked-folders.ts'

/** A published folder, fetched unless it lies there already. Throws `store.corrupt` for one that is not what was published, `folder.*`, and what the store throws. */
export async function readPublished(
  store: Store,
  project: string,
  { id, sha256, publishedAt, tag }: Publication,
  unpacked: UnpackedFolders,
): Promise<Folder> {
  const path = await unpacked.path(id, async () => {
    const key = publicationKey(project, id)
    const stored = await store.get(key)
    if (stored !== null) return unpackFiles(stored.body, sha256, store.locate(key))
    throw new RaingaugeError('store.corrupt', `the published folder ${store.locate(key)} is gone`, {
      remedy: 'publish it again: raingauge publish',
    })
  })
  return { ...(await readFolder(path)), origin: { source: 'published', id, publishedAt, tag } }
}
