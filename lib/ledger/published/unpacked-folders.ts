import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FolderFile } from './pack-files.ts'

/**
 * Published folders on disk, each unpacked once, in a temp folder that is this process's own. Whoever keeps it for as long as the process
 * lives fetches each only once; whoever does not disposes of it.
 */
export class UnpackedFolders implements AsyncDisposable {
  readonly #within: string
  readonly #folders = new Map<string, Promise<string>>()
  #home: Promise<string> | undefined

  constructor(within: string = tmpdir()) {
    this.#within = within
  }

  /** Where the folder of that id lies; `fetch` is asked for its files where it lies nowhere yet. Throws what `fetch` throws. */
  async path(id: string, fetch: () => Promise<readonly FolderFile[]>): Promise<string> {
    const known = this.#folders.get(id)
    if (known !== undefined) return await known
    const unpacked = this.#unpack(id, fetch)
    this.#folders.set(id, unpacked)
    try {
      return await unpacked
    } catch (error) {
      this.#folders.delete(id)
      throw error
    }
  }

  /** Removes them all. */
  async [Symbol.asyncDispose](): Promise<void> {
    const home = this.#home
    this.#home = undefined
    this.#folders.clear()
    if (home !== undefined) await rm(await home, { recursive: true, force: true })
  }

  async #unpack(id: string, fetch: () => Promise<readonly FolderFile[]>): Promise<string> {
    const files = await fetch()
    this.#home ??= mkdtemp(join(this.#within, 'raingauge-migrations-'))
    const folder = join(await this.#home, id)
    try {
      await mkdir(folder)
      for (const { path, bytes } of files) {
        const file = join(folder, path)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, bytes, { flag: 'wx' })
      }
      return folder
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }
}
