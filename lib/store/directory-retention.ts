// Retention in a folder: written down beside the object, in a file of the store's own.
import { chmod, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RaingaugeError } from '../error.ts'
import { errnoOf } from './directory-fault.ts'
import { parseRetention, retentionText } from './retention.ts'
import type { Retention } from './store.ts'
import { publishOver, withTemporary } from './write-file.ts'

const NOBODY_WRITES = 0o400

/** Where the retention of the object at `path` is written down: a name that no key has. */
function noteOf(path: string): string {
  return join(dirname(path), `.retained-${basename(path)}`)
}

/** What was promised for the object at `path`; null: nothing. Throws `store.unavailable` for a note that cannot be read. */
export async function readRetention(path: string): Promise<Retention | null> {
  let text: string
  try {
    text = await readFile(noteOf(path), 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null
    throw error
  }
  const retention = parseRetention(text)
  if (retention !== null) return retention
  // Rather kept for ever than lost by a damaged note.
  throw new RaingaugeError('store.unavailable', `${noteOf(path)} does not say until when the object is kept`, {
    remedy: 'see who wrote there; remove that file if the object may go',
  })
}

/** Writes the promise down, and takes from the file the right to be written. The folder's lock must be held. */
export async function writeRetention(path: string, retention: Retention): Promise<void> {
  const note = noteOf(path)
  await withTemporary(note, Buffer.from(retentionText(retention)), (temporary) => publishOver(temporary, note))
  await chmod(path, NOBODY_WRITES)
}

/** Forgets what was promised for an object that is gone. */
export async function forgetRetention(path: string): Promise<void> {
  await rm(noteOf(path), { force: true })
}
