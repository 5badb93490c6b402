// A lock over a folder, held by one task of one process: what compares and then writes needs it.
import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { RaingaugeError } from '../error.ts'
import { errnoOf } from './directory-fault.ts'
import { TEMPORARY } from './write-file.ts'

const LOCK_NAME = '.lock'
const RETRY_MS = 10
const GIVE_UP_MS = 30_000
/** SQLITE_BUSY: sqlite.org/rescode.html. */
const BUSY = 5

/**
 * Runs `use` while nobody else, in this process or another, runs one with the same folder, which must exist.
 * The lock is that of an empty SQLite file: the kernel lets go of it when its holder dies, so none is ever stale.
 * Throws `store.unavailable` when it is not to be had within 30 seconds.
 */
export async function withDirectoryLock<T>(root: string, use: () => Promise<T>): Promise<T> {
  const path = join(root, LOCK_NAME)
  createLockFile(path, root)
  using database = new DatabaseSync(path, { timeout: 0 })
  await lock(database, path)
  return await use()
}

async function lock(database: DatabaseSync, path: string): Promise<void> {
  const giveUpAt = performance.now() + GIVE_UP_MS
  for (;;) {
    try {
      // Nothing is ever written, so there is nothing to keep a journal of. Saying so takes the lock for a moment, too.
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
      return
    } catch (error) {
      if (!isBusy(error)) throw error
      if (performance.now() > giveUpAt) {
        throw new RaingaugeError('store.unavailable', `another process has held ${path} for ${GIVE_UP_MS / 1000} s`, {
          remedy: 'see which process has it open (fuser, lsof) and end it',
          cause: error,
        })
      }
      await sleep(RETRY_MS)
    }
  }
}

/** Never opens the lock file itself: POSIX drops a process's locks when any of its descriptors of that file is closed. */
function createLockFile(path: string, root: string): void {
  if (existsSync(path)) return
  const temporary = join(root, `${TEMPORARY}${randomBytes(8).toString('hex')}`)
  writeFileSync(temporary, '', { mode: 0o600, flag: 'wx' })
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === BUSY
}
