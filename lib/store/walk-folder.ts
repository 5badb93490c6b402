import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoOf } from './directory-fault.ts'

export type FoundFile = { relative: string; bytes: number; modifiedAt: Date }

/**
 * The files under a folder whose name is wanted, by their path from there with `/`, in order of that path. Folders with
 * a leading dot are left out, links are followed, and what disappears meanwhile is as if it had never been there.
 */
export async function* walkFolder(folder: string, wanted: (name: string) => boolean): AsyncGenerator<FoundFile> {
  yield* walk(folder, '', wanted)
}

async function* walk(root: string, below: string, wanted: (name: string) => boolean): AsyncGenerator<FoundFile> {
  const entries = (await namesIn(join(root, below))).map(({ name, folder }) => (folder ? `${name}/` : name))
  for (const entry of entries.toSorted((a, b) => (a < b ? -1 : 1))) {
    if (entry.endsWith('/')) {
      yield* walk(root, below + entry, wanted)
    } else if (wanted(entry)) {
      const facts = await ifPresent(stat(join(root, below, entry)))
      if (facts?.isFile() === true) yield { relative: below + entry, bytes: facts.size, modifiedAt: facts.mtime }
    }
  }
}

async function namesIn(folder: string): Promise<{ name: string; folder: boolean }[]> {
  const names: { name: string; folder: boolean }[] = []
  for (const entry of (await ifPresent(readdir(folder, { withFileTypes: true }))) ?? []) {
    const facts = entry.isSymbolicLink() ? await ifPresent(stat(join(folder, entry.name))) : entry
    if (facts === undefined) continue
    if (facts.isDirectory() && entry.name.startsWith('.')) continue
    names.push({ name: entry.name, folder: facts.isDirectory() })
  }
  return names
}

async function ifPresent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}
