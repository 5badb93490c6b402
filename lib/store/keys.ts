// The layout of the store: where each thing lies. Nothing else in the house spells a key.
import { createHash } from 'node:crypto'
import { RaingaugeError } from '../error.ts'

/** The files of one archive. `manifest.json` is written last: an archive without one does not exist. */
export type ArchiveFile =
  | 'archive.dump.zst'
  | 'catalog.json.zst'
  | 'globals.sql'
  | 'archive.dump.zst.age'
  | 'catalog.json.zst.age'
  | 'globals.sql.age'
  | 'manifest.json'
  | 'verified.json'
  | 'restored.json'
  | 'failed.json'

const SLUG = /^[a-z0-9_-]+$/
const ARCHIVE_ID = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/
const PUBLICATION_ID = /^\d{8}T\d{6}Z-[0-9a-f]{16}$/
const SHA256 = /^[0-9a-f]{64}$/
const RUN = /^\d{8}T\d{6}Z$/
/** Nothing retries a slot for longer; 4 bytes alone might be another's, once in many years. */
const SLOT_REACH_MS = 7 * 24 * 3_600_000

/**
 * The id of an archive: when its backup began (UTC, to the second) and 4 random bytes in hexadecimal, such as
 * `20260102T030405Z-0a1b2c3d`. Ids sort by time.
 */
export function archiveId(startedAt: Date, random: Uint8Array): string {
  if (random.length !== 4) throw new RaingaugeError('usage', `an archive id takes 4 random bytes, not ${random.length}`)
  return `${stampOf(startedAt)}-${Buffer.from(random).toString('hex')}`
}

/** When the backup of that archive began. Throws `usage` for what is no id. */
export function archiveStartedAt(id: string): Date {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(id) ?? []
  const startedAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(startedAt.getTime())) throw new RaingaugeError('usage', `"${id}" is not the id of an archive`)
  return startedAt
}

/**
 * What ends the id of the archive of a scheduled slot, instead of random bytes: by it, a second run of the same slot finds
 * what the first has done.
 */
export function slotBytes(project: string, environment: string, slot: Date): Uint8Array {
  const text = JSON.stringify([project, environment, slot.toISOString()])
  return createHash('sha256').update(text).digest().subarray(0, 4)
}

/** True for the id of an archive of that slot: it ends with the slot's bytes, and was begun not long before or after. */
export function isOfSlot(id: string, bytes: Uint8Array, slot: Date): boolean {
  if (!isArchiveId(id) || !id.endsWith(`-${Buffer.from(bytes).toString('hex')}`)) return false
  return Math.abs(archiveStartedAt(id).getTime() - slot.getTime()) < SLOT_REACH_MS
}

/** True for what {@link archiveId} could have made. */
export function isArchiveId(text: string): boolean {
  return ARCHIVE_ID.test(text)
}

/** What the keys of all archives of an environment start with. */
export function archivePrefix(project: string, environment: string): string {
  return `archives/${slug('project', project)}/${slug('environment', environment)}/`
}

/** The key of one file of an archive. Throws `usage` for an id that no archive can have. */
export function archiveKey(project: string, environment: string, id: string, file: ArchiveFile): string {
  if (!isArchiveId(id)) {
    throw new RaingaugeError('usage', `"${id}" is not the id of an archive`, {
      remedy: 'ids look like 20260102T030405Z-0a1b2c3d: `raingauge archives` lists them',
    })
  }
  return `${archivePrefix(project, environment)}${id}/${file}`
}

/** What an archive key says, or null for a key that {@link archiveKey} could not have made; `file` may be any. */
export function parseArchiveKey(
  key: string,
): { project: string; environment: string; id: string; file: string } | null {
  const [root, project, environment, id, file, ...rest] = key.split('/')
  if (root !== 'archives' || project === undefined || environment === undefined || id === undefined) return null
  if (file === undefined || file === '' || rest.length > 0) return null
  if (!SLUG.test(project) || !SLUG.test(environment) || !isArchiveId(id)) return null
  return { project, environment, id, file }
}

/** The key of an environment's state: its incidents and what is owed to people. */
export function stateKey(project: string, environment: string): string {
  return `${stateKeyPrefix(project, environment)}.json`
}

/** What the keys of all states start with whose names start so. */
export function stateKeyPrefix(project: string, start: string): string {
  return `state/${slug('project', project)}/${slug('environment', start)}`
}

/** The key of a baseline, by the SHA-256 (hexadecimal) over what was replayed. */
export function baselineKey(hash: string): string {
  if (!SHA256.test(hash)) throw new RaingaugeError('usage', 'a baseline is named by a SHA-256 in hexadecimal')
  return `baselines/${hash}.json.zst`
}

/** The key of the lease that lets one run at a time do `purpose` (a slug) to an environment. */
export function lockKey(project: string, environment: string, purpose: string): string {
  return `locks/${slug('project', project)}/${slug('environment', environment)}/${slug('purpose', purpose)}.json`
}

/** The key of what a fleet has beyond a sweep: its list, where that is a file; what its databases were last seen to be. */
export function fleetKey(project: string, file: string): string {
  return `fleet/${slug('project', project)}/${file}`
}

/** What the keys of one sweep of a fleet start with: nobody needs them once it is told. `run`: such as `20260102T030405Z`. */
export function sweepPrefix(project: string, run: string): string {
  if (!RUN.test(run)) throw new RaingaugeError('usage', `"${run}" is not the id of a sweep`)
  return `sweeps/${slug('project', project)}/${run}/`
}

/** What the keys of all that is published of a project's migrations start with. */
export function publishedPrefix(project: string): string {
  return `migrations/${slug('project', project)}/`
}

/** The key of the record of what is published: its first entry is the newest, and what it does not name is not published. */
export function publishedKey(project: string): string {
  return `${publishedPrefix(project)}published.json`
}

/** The id of a publication: when it was made (UTC, to the second) and the start of the SHA-256 of what it holds. */
export function publicationId(publishedAt: Date, sha256: string): string {
  return `${stampOf(publishedAt)}-${sha256.slice(0, 16)}`
}

/** True for what {@link publicationId} could have made. */
export function isPublicationId(text: string): boolean {
  return PUBLICATION_ID.test(text)
}

/** The key of a published folder. Throws `usage` for an id that none can have. */
export function publicationKey(project: string, id: string): string {
  if (!isPublicationId(id)) throw new RaingaugeError('usage', `"${id}" is not the id of a published folder`)
  return `${publishedPrefix(project)}${id}.json.zst`
}

/** UTC, to the second, as ids begin: `20260102T030405Z`. They sort by time. */
export function stampOf(time: Date): string {
  return time
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '')
}

function slug(what: string, text: string): string {
  if (SLUG.test(text)) return text
  throw new RaingaugeError('config.invalid', `the ${what} name "${text}" cannot be part of a key`, {
    remedy: 'use small letters, digits, - and _',
  })
}
