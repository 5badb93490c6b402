import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { directoryFault } from './directory-fault.ts'
import { walkFolder } from './walk-folder.ts'
import { removeEmptyFolders, TEMPORARY } from './write-file.ts'

/**
 * Removes what killed processes left in a directory store: temporary files that nobody has written to since `before`.
 * Returns how many. Leave running uploads a margin of hours. Throws `store.unwritable`, `store.unavailable`.
 */
export async function sweepDirectory(root: string, before: Date): Promise<number> {
  const home = resolve(root)
  let removed = 0
  try {
    for await (const file of walkFolder(home, (name) => name.startsWith(TEMPORARY))) {
      if (file.modifiedAt >= before) continue
      const path = join(home, file.relative)
      await rm(path, { force: true })
      await removeEmptyFolders(dirname(path), home)
      removed += 1
    }
  } catch (error) {
    throw directoryFault(error, home, 'writing')
  }
  return removed
}
