// Folders as Lambda has the code of a function.
import { chmodSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Lets everybody read and nobody write. */
export function sealFolder(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    const isData = !entry.isDirectory() && (statSync(path).mode & 0o111) === 0
    chmodSync(path, isData ? 0o444 : 0o555)
  }
  chmodSync(folder, 0o555)
}

/** Undoes {@link sealFolder} as far as deleting needs it. */
export function unsealFolder(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) unsealFolder(join(folder, entry.name))
  }
}
