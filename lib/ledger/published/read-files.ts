// The files of a migrations folder that Drizzle and drizzle-kit read, as they are on disk.
import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RaingaugeError, messageOf } from '../../error.ts'
import type { Folder } from '../folder.ts'
import type { FolderFile } from './pack-files.ts'

/**
 * The SQL, the journal and the snapshots of the folder, and nothing else that lies there: no note, no .env. Throws `folder.invalid` for a link, which
 * would bring along what is somewhere else, and for what cannot be read.
 */
export async function readFolderFiles(folder: Folder): Promise<FolderFile[]> {
  const journal = folder.layout === 'journal' ? ['meta/_journal.json'] : []
  const files: FolderFile[] = []
  for (const path of [...folder.files, ...folder.snapshots, ...journal]) {
    files.push({ path, bytes: await readPlain(join(folder.path, path)) })
  }
  return files
}

async function readPlain(path: string): Promise<Buffer> {
  try {
    if ((await lstat(path)).isFile()) return await readFile(path)
  } catch (cause) {
    throw unfit(path, messageOf(cause), cause)
  }
  throw unfit(path, 'it is a link, or no file')
}

function unfit(path: string, what: string, cause?: unknown): RaingaugeError {
  return new RaingaugeError('folder.invalid', `${path} cannot be published: ${what}`, {
    remedy: 'put the file itself there, readable by this user',
    cause,
  })
}
