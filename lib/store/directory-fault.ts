// Tells the errors of a file system apart, by errno (man 3 errno).
import { RaingaugeError, messageOf } from '../error.ts'

const UNWRITABLE: Record<string, string> = {
  ENOSPC: 'the disk is full: make room, or choose another store',
  EDQUOT: 'the disk quota is used up: make room, or choose another store',
  EFBIG: 'the file is larger than this process may write: raise the limit (ulimit -f), or choose another file system',
  EACCES: 'this user may not write there: give it the folder, or choose another store',
  EPERM: 'this user may not write there, or the file system cannot link files: choose another store',
  ENOTSUP: 'the file system cannot link files: choose another store',
  EROFS: 'the file system is read-only: choose another store',
  ENOTDIR: 'something on the way there is a file, not a folder: choose another store',
  EISDIR: 'a folder is in the way: move it, or choose another store',
  ENOTEMPTY: 'a folder is in the way: move it, or choose another store',
  ENAMETOOLONG: 'the path is too long: choose a store nearer to the root',
  ELOOP: 'symbolic links run in a circle there: choose another store',
  ENOENT: 'the path is gone, or nothing may be made there: choose another store',
}

const UNREADABLE: Record<string, string> = {
  EACCES: 'this user may not read there: give it the folder',
  EPERM: 'this user may not read there: give it the folder',
  ENOTDIR: 'something on the way there is a file, not a folder: check the store of the configuration',
}

/** The error of the house for what a file system call threw while the store was `during` its work at `path`. */
export function directoryFault(error: unknown, path: string, during: 'reading' | 'writing'): RaingaugeError {
  if (error instanceof RaingaugeError) return error
  const errno = errnoOf(error) ?? ''
  const place = `${during} the store at ${path}: ${errno === '' ? String(error) : wordsOf(error)}`
  switch (during) {
    case 'writing': {
      const remedy = UNWRITABLE[errno]
      return new RaingaugeError(remedy === undefined ? 'store.unavailable' : 'store.unwritable', place, {
        remedy: remedy ?? 'see whether the disk is well and this process has files left to open',
        cause: error,
      })
    }
    case 'reading':
      return new RaingaugeError('store.unavailable', place, {
        remedy: UNREADABLE[errno] ?? 'see whether the disk is well and this process has files left to open',
        cause: error,
      })
    default:
      return during satisfies never
  }
}

/** The code of a file system error, such as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Node ends its words with the call and both paths, temporary names and all: the place is already said. */
function wordsOf(error: unknown): string {
  return messageOf(error).replace(/, \w+( '.*)?$/s, '')
}
