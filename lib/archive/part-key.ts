// Where the parts of an archive lie. By itself, so that who only names them does not bring along what opens them.
import { archiveKey, type ArchiveFile } from '../store/keys.ts'
import type { Manifest } from './manifest.ts'

/** A part of an archive that nobody may read without a key, where keys are configured. */
export type SealedFile = 'archive.dump.zst' | 'catalog.json.zst' | 'globals.sql'

/** The key of a part, for an archive that is encrypted or not. */
export function partKey(
  place: { project: string; environment: string; id: string },
  file: SealedFile,
  encrypted: boolean,
): string {
  const name: ArchiveFile = encrypted ? `${file}.age` : file
  return archiveKey(place.project, place.environment, place.id, name)
}

/** The key of a part of the archive that this manifest is of. */
export function partOf(manifest: Manifest, file: SealedFile): string {
  return partKey(manifest, file, manifest.envelope !== null)
}
