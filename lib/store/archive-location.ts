// An archive by where it lies: what `locate` says of it, read back.
import type { StoreLocation } from '../config/config.ts'
import { parseArchiveKey } from './keys.ts'

/** The store of an archive, and which it is there. */
export type ArchiveLocation = { store: StoreLocation; project: string; environment: string; id: string }

const S3_URL = /^s3:\/\/([^/]*)\/(.+)$/
/** An archive key is so many names long: `archives`, project, environment, id, file. */
const KEY_NAMES = 5

/** What an s3:// URL or an absolute path of an archive's file says; null for one that no store of ours can have. */
export function parseArchiveLocation(text: string): ArchiveLocation | null {
  const [, bucket, path = text] = S3_URL.exec(text) ?? []
  const names = path.split('/')
  const parsed = parseArchiveKey(names.slice(-KEY_NAMES).join('/'))
  if (parsed === null || bucket === '' || !/^archive\.dump\.zst(?:\.age)?$/.test(parsed.file)) return null
  const root = names.slice(0, -KEY_NAMES).join('/')
  const { project, environment, id } = parsed
  const store: StoreLocation =
    bucket === undefined ? { kind: 'directory', path: root === '' ? '/' : root } : { kind: 's3', bucket, prefix: root }
  return { store, project, environment, id }
}
