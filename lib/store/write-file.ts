// Durable writing in a folder: a temporary file beside the place, flushed, then published under its name in one step.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, open, rename, rm, rmdir, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errnoOf } from './directory-fault.ts'

/** What temporary names begin with: no key has a segment like it. */
export const TEMPORARY = '.tmp-'

/** Archives hold data: nobody else reads them. */
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

export type TemporaryFile = { path: string; handle: FileHandle }

/** Creates a temporary file in the folder, and the folder if need be. */
export async function createTemporary(folder: string): Promise<TemporaryFile> {
  const path = join(folder, `${TEMPORARY}${randomBytes(8).toString('hex')}`)
  for (let tries = 1; ; tries += 1) {
    try {
      await makeFolder(folder)
      return { path, handle: await open(path, 'wx', FILE_MODE) }
    } catch (error) {
      // A delete may remove a folder, empty as it is, between two steps.
      if (errnoOf(error) !== 'ENOENT' || tries === 10) throw error
    }
  }
}

/** Writes all of the chunk at the end of what was written before. */
export async function writeFully(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0
  while (written < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.length - written)
    written += bytesWritten
  }
}

/** Writes a whole temporary file beside `path` and lends it, flushed, to `use`; it is gone afterwards in every case. */
export async function withTemporary<T>(
  path: string,
  body: Uint8Array,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const file = await createTemporary(dirname(path))
  try {
    try {
      await writeFully(file.handle, body)
      await file.handle.sync()
    } finally {
      await file.handle.close()
    }
    return await use(file.path)
  } finally {
    await rm(file.path, { force: true })
  }
}

/** Gives a flushed temporary file its name, unless the name is taken: false then. Of two racers, one gets true. */
export async function publishNew(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
  try {
    await flushFolder(dirname(path))
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return true
}

/** Gives a flushed temporary file its name, in place of whatever has it. */
export async function publishOver(temporary: string, path: string): Promise<void> {
  await rename(temporary, path)
  await flushFolder(dirname(path))
}

/** Removes the folders that have become empty, from `folder` up to `root`, which stays. */
export async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (let each = folder; each.length > root.length; each = dirname(each)) {
    try {
      await rmdir(each)
    } catch (error) {
      // Not empty, already gone, or not ours to remove: an empty folder more does no harm.
      if (errnoOf(error) === undefined) throw error
      return
    }
  }
}

/** Makes the names in a folder survive a power cut. Windows has no such call and needs none. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Node's own recursive mkdir never returns where a folder says ENOENT to its making, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: FOLDER_MODE })
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'EEXIST') return
    if (errno !== 'ENOENT' || existsSync(dirname(folder))) throw error
    await makeFolder(dirname(folder))
    await makeFolder(folder)
    return
  }
  await flushFolder(dirname(folder))
}
