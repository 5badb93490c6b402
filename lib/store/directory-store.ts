import { createHash } from 'node:crypto'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { RaingaugeError } from '../error.ts'
import { directoryFault, errnoOf } from './directory-fault.ts'
import { withDirectoryLock } from './directory-lock.ts'
import { forgetRetention, readRetention, writeRetention } from './directory-retention.ts'
import { unfinishedFiles } from './directory-unfinished.ts'
import { openDirectoryUpload } from './directory-upload.ts'
import { checkKey, checkPrefix, checkRange, isSegment } from './object-key.ts'
import { mustHaveEnded, mustNotWeaken } from './retention.ts'
import type { Condition, Retention, Store, StoredObject } from './store.ts'
import { walkFolder } from './walk-folder.ts'
import { flushFolder, publishNew, publishOver, removeEmptyFolders, withTemporary } from './write-file.ts'

const READ_CHUNK_BYTES = 1 << 18

/**
 * A store in a local folder, made when first written to. Every write is whole or not there, also after a crash or a
 * power cut; files are for this user alone. The etag of an object is the SHA-256 of its bytes. Two processes may share
 * it. Unlike in S3, no key may be the beginning of another up to a slash (`a` and `a/b`).
 * A retention binds whoever goes through the store; it cannot bind the folder's owner, who may remove any file.
 * Throws `store.unwritable` (disk full, no right, read-only …) and `store.unavailable` (not readable, or not well).
 */
export function directoryStore(root: string, now: () => Date = () => new Date()): Store {
  const home = resolve(root)
  const pathOf = (key: string): string => {
    checkKey(key)
    return join(home, ...key.split('/'))
  }
  return {
    locate: pathOf,
    get: async (key) => await get(pathOf(key)),
    put: async (key, body, condition) => await put(home, pathOf(key), Buffer.from(body), condition, now),
    upload: async (key) => await openDirectoryUpload(home, pathOf(key)),
    read: (key, range) => read(pathOf, key, range),
    list: (prefix) => list(home, prefix),
    delete: async (key) => await remove(home, pathOf(key), now),
    retain: async (key, retention) => await retain(home, pathOf(key), retention, now),
    retention: async (key) => await retentionOf(pathOf(key)),
    unfinished: (prefix) => unfinishedFiles(home, prefix),
  }
}

async function get(path: string): Promise<{ body: Buffer; etag: string } | null> {
  try {
    const body = await readFile(path)
    return { body, etag: etagOf(body) }
  } catch (error) {
    if (isAbsent(error)) return null
    throw directoryFault(error, path, 'reading')
  }
}

async function put(
  home: string,
  path: string,
  body: Buffer,
  condition: Condition,
  now: () => Date,
): Promise<{ etag: string }> {
  try {
    await withTemporary(path, body, async (temporary) => {
      if (condition === 'absent') {
        if (!(await publishNew(temporary, path))) throw conflict(path, 'it exists already')
        return
      }
      await withDirectoryLock(home, async () => {
        if (condition !== undefined && (await get(path))?.etag !== condition.etag) {
          throw conflict(path, 'it is not what was read before')
        }
        mustHaveEnded(path, await readRetention(path), now())
        await publishOver(temporary, path)
      })
    })
  } catch (error) {
    throw directoryFault(error, path, 'writing')
  }
  return { etag: etagOf(body) }
}

async function* read(
  pathOf: (key: string) => string,
  key: string,
  range: { start: number; end: number } | undefined,
): AsyncGenerator<Uint8Array> {
  const path = pathOf(key)
  checkRange(range)
  if (range !== undefined && range.start === range.end) return
  try {
    await using handle = await open(path, 'r')
    if (!(await handle.stat()).isFile()) throw notFound(path)
    const bounds = range === undefined ? {} : { start: range.start, end: range.end - 1 }
    yield* handle.createReadStream({ ...bounds, highWaterMark: READ_CHUNK_BYTES, autoClose: false })
  } catch (error) {
    throw isAbsent(error) ? notFound(path) : directoryFault(error, path, 'reading')
  }
}

async function* list(home: string, prefix: string): AsyncGenerator<StoredObject> {
  checkPrefix(prefix)
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const path = join(home, folder)
  try {
    for await (const { relative, bytes, modifiedAt } of walkFolder(path, isSegment)) {
      const key = folder + relative
      if (key.startsWith(prefix)) yield { key, bytes, modifiedAt }
    }
  } catch (error) {
    throw directoryFault(error, path, 'reading')
  }
}

async function remove(home: string, path: string, now: () => Date): Promise<void> {
  try {
    if (!(await isFile(path))) return
    await withDirectoryLock(home, async () => {
      mustHaveEnded(path, await readRetention(path), now())
      await rm(path, { force: true })
      await forgetRetention(path)
      await flushFolder(dirname(path))
      await removeEmptyFolders(dirname(path), home)
    })
  } catch (error) {
    throw directoryFault(error, path, 'writing')
  }
}

async function retain(home: string, path: string, retention: Retention, now: () => Date): Promise<void> {
  try {
    if (!(await isFile(path))) throw notFound(path)
    await withDirectoryLock(home, async () => {
      mustNotWeaken(path, await readRetention(path), retention, now())
      await writeRetention(path, retention)
    })
  } catch (error) {
    throw directoryFault(error, path, 'writing')
  }
}

async function retentionOf(path: string): Promise<Retention | null> {
  try {
    return (await isFile(path)) ? await readRetention(path) : null
  } catch (error) {
    throw directoryFault(error, path, 'reading')
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}

/** A folder of that name is no object either. */
function isAbsent(error: unknown): boolean {
  const errno = errnoOf(error)
  return errno === 'ENOENT' || errno === 'EISDIR'
}

function etagOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex')
}

function conflict(path: string, why: string): RaingaugeError {
  return new RaingaugeError('store.conflict', `${path} was not written: ${why}`)
}

function notFound(path: string): RaingaugeError {
  return new RaingaugeError('archive.not-found', `there is no ${path} in the store`, {
    remedy: '`raingauge archives` lists what there is',
  })
}
