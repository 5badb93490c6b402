// Which migrations folder counts: the one at hand, or the one that the application's pipeline published.
import { hasCode, RaingaugeError } from '../error.ts'
import type { Folder } from '../ledger/folder.ts'
import { hasMore } from '../ledger/published/has-more.ts'
import { readPublications } from '../ledger/published/publication-record.ts'
import { readPublished } from '../ledger/published/read-published.ts'
import { readFolder } from '../ledger/read-folder.ts'
import type { FolderOrigin } from '../run.ts'
import type { JobContext, PublishedChoice } from './context.ts'

/**
 * The folder that the job is about, and says which. The published one counts unless the bundled one has all of its migrations and more: then it is the later. A published one that
 * cannot be read is never passed over for another. Throws `folder.*`, `store.*`.
 */
export async function chooseFolder(context: JobContext): Promise<Folder> {
  const { published } = context
  if (published === undefined) return await readOwn(context, 'local')
  const folder = await choose(context, published)
  context.progress(`folder: ${originWords(folder.origin)}`)
  return folder
}

async function choose(context: JobContext, { unpacked, otherwise }: PublishedChoice): Promise<Folder> {
  const { store, project } = context
  const [newest] = (await readPublications(store, project)).publications
  if (newest === undefined) {
    if (otherwise === 'bundled') return await readOwn(context, 'bundled')
    throw new RaingaugeError('folder.missing', `no migrations of ${project} are published in this store`, {
      remedy: 'run raingauge publish, or leave out --published',
    })
  }
  const folder = await readPublished(store, project, newest, unpacked)
  if (otherwise === 'nothing') return folder
  const bundled = await readBundled(context)
  return bundled !== null && hasMore(bundled, folder) ? bundled : folder
}

/** A bundle whose folder is no good does without, where another is published. */
async function readBundled(context: JobContext): Promise<Folder | null> {
  try {
    return await readOwn(context, 'bundled')
  } catch (error) {
    if (hasCode(error, 'folder.missing', 'folder.invalid')) return null
    throw error
  }
}

async function readOwn({ folder: path }: JobContext, source: 'bundled' | 'local'): Promise<Folder> {
  const folder = await readFolder(path)
  return { ...folder, origin: { source, id: null, publishedAt: null, tag: folder.entries.at(-1)?.tag ?? null } }
}

function originWords(origin: FolderOrigin | undefined): string {
  const { source = 'local', id = null, tag = null } = origin ?? {}
  return `${source}${id === null ? '' : ` ${id}`}, ${tag === null ? 'without a migration' : `up to ${tag}`}`
}
