import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RaingaugeError } from '../error.ts'
import { directoryFault } from './directory-fault.ts'
import type { Upload } from './store.ts'
import { createTemporary, publishNew, removeEmptyFolders, writeFully } from './write-file.ts'

/** So much at a time goes to the disk while more comes, so that little is left to wait for in the end. */
const FLUSH_BYTES = 32 << 20

/** Begins an upload to `path`, below `root`: a temporary file beside it, linked to its name by `commit`. Throws `store.unwritable`. */
export async function openDirectoryUpload(root: string, path: string): Promise<Upload> {
  const file = await createTemporary(dirname(path)).catch((error: unknown) => {
    throw directoryFault(error, path, 'writing')
  })
  let bytes = 0
  let unflushed = 0
  let flushing: Promise<void> | undefined
  let state: 'open' | 'committed' | 'aborting' | 'aborted' = 'open'
  let failure: RaingaugeError | undefined

  const mustBeOpen = (): void => {
    if (failure !== undefined && state === 'open') throw failure
    if (state !== 'open') throw new RaingaugeError('usage', `the upload to ${path} is over`)
  }
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    mustBeOpen()
    try {
      return await work()
    } catch (error) {
      failure = directoryFault(error, path, 'writing')
      throw failure
    }
  }
  /** Does not wait; what fails is thrown by the next call. A disk that is slower than that is not asked again meanwhile. */
  const flush = (): void => {
    unflushed = 0
    flushing = file.handle
      .datasync()
      .catch((error: unknown) => {
        failure ??= directoryFault(error, path, 'writing')
      })
      .finally(() => {
        flushing = undefined
      })
  }
  const discard = async (): Promise<void> => {
    await file.handle.close()
    await rm(file.path, { force: true })
    await removeEmptyFolders(dirname(path), root)
  }

  return {
    write: (chunk) =>
      attempt(async () => {
        await writeFully(file.handle, chunk)
        bytes += chunk.length
        unflushed += chunk.length
        if (unflushed >= FLUSH_BYTES && flushing === undefined) flush()
      }),
    commit: () =>
      attempt(async () => {
        await flushing
        mustBeOpen()
        await file.handle.sync()
        await file.handle.close()
        if (!(await publishNew(file.path, path))) {
          throw new RaingaugeError('store.conflict', `${path} exists already, and an upload replaces nothing`)
        }
        state = 'committed'
        await rm(file.path, { force: true })
        return { bytes }
      }),
    async abort() {
      if (state === 'committed' || state === 'aborted') return
      state = 'aborting'
      try {
        await discard()
        state = 'aborted'
      } catch (error) {
        throw directoryFault(error, path, 'writing')
      }
    },
  }
}
