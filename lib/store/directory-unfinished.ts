import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { directoryFault } from './directory-fault.ts'
import { checkPrefix } from './object-key.ts'
import type { Unfinished } from './store.ts'
import { walkFolder } from './walk-folder.ts'
import { removeEmptyFolders, TEMPORARY } from './write-file.ts'

/** The temporary files under the prefix: each belongs to a writer at work, or to one that was killed. */
export async function* unfinishedFiles(home: string, prefix: string): AsyncGenerator<Unfinished> {
  checkPrefix(prefix)
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const root = join(home, folder)
  try {
    for await (const { relative, modifiedAt } of walkFolder(root, (name) => name.startsWith(TEMPORARY))) {
      const key = folder + relative
      const path = join(home, key)
      if (key.startsWith(prefix)) yield { key, aliveAt: modifiedAt, discard: () => discard(home, path) }
    }
  } catch (error) {
    throw directoryFault(error, root, 'reading')
  }
}

async function discard(home: string, path: string): Promise<void> {
  try {
    await rm(path, { force: true })
    await removeEmptyFolders(dirname(path), home)
  } catch (error) {
    throw directoryFault(error, path, 'writing')
  }
}
