import type { Folder } from '../folder.ts'
import { isTextOf } from '../match-rows.ts'

/**
 * True where the first folder has every migration of the second, and others too: then it is the later one, whatever any clock says. Line endings
 * may differ, as checkouts do.
 */
export function hasMore(folder: Folder, other: Folder): boolean {
  if (folder.migrations.length <= other.migrations.length) return false
  const mine = new Map(folder.migrations.map((each) => [each.tag, each]))
  return other.migrations.every(({ tag, when, hash }) => {
    const same = mine.get(tag)
    return same !== undefined && same.when === when && isTextOf(hash, same, folder)
  })
}
