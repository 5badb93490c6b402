// The archives of an environment, as the store has them now.
import { hasCode, type RaingaugeError } from '../error.ts'
import type { ArchiveSummary, Trust } from '../run.ts'
import { archiveKey, archivePrefix, isArchiveId, parseArchiveKey, type ArchiveFile } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { corrupt } from './corrupt.ts'
import { partOf } from './part-key.ts'
import { parseManifest, type Manifest } from './manifest.ts'
import { isMadeGood, parseFailure, parseRestoration, parseVerification, trustOf, type Proofs } from './proof.ts'

type Known = {
  project: string
  environment: string
  id: string
  /** Path or s3:// URL of archive.dump.zst, or archive.dump.zst.age. */
  location: string
}

export type GoodRecord = Known & { kind: 'archive'; manifest: Manifest; trust: Trust } & Proofs
/** There is a manifest, but it is none. */
export type CorruptRecord = Known & { kind: 'corrupt'; reason: RaingaugeError }
export type ArchiveRecord = GoodRecord | CorruptRecord

/** How many manifests are read at a time. */
const AT_ONCE = 8

/**
 * Every archive that exists, or the newest `most` of them, the newest first. What has no manifest does not exist. Throws what the store
 * throws.
 */
export async function listArchives(
  store: Store,
  project: string,
  environment: string,
  most = Number.POSITIVE_INFINITY,
): Promise<ArchiveRecord[]> {
  const ids: string[] = []
  for await (const { key } of store.list(archivePrefix(project, environment))) {
    const parsed = parseArchiveKey(key)
    if (parsed?.file === 'manifest.json') ids.push(parsed.id)
  }
  const newestFirst = ids.toSorted().toReversed().slice(0, most)
  const records: ArchiveRecord[] = []
  for (let index = 0; index < newestFirst.length; index += AT_ONCE) {
    const some = newestFirst.slice(index, index + AT_ONCE)
    const found = await Promise.all(some.map((id) => readRecord(store, { project, environment, id })))
    records.push(...found.filter((record) => record !== null))
  }
  return records
}

/** One archive by its id; null where there is none. */
export async function findArchive(
  store: Store,
  project: string,
  environment: string,
  id: string,
): Promise<ArchiveRecord | null> {
  return isArchiveId(id) ? await readRecord(store, { project, environment, id }) : null
}

/** The archive as a run tells of it. */
export function toSummary(record: GoodRecord): ArchiveSummary {
  const { manifest } = record
  return {
    id: record.id,
    environment: record.environment,
    startedAt: manifest.startedAt,
    rawBytes: manifest.rawBytes,
    storedBytes: manifest.envelope?.bytes ?? manifest.storedBytes,
    sha256: manifest.envelope?.sha256 ?? manifest.sha256.stored,
    trust: record.trust,
    ...provenOf(record),
    engine: manifest.engine.name,
    serverVersion: manifest.serverVersion,
    tables: manifest.tables.map(({ name, rows }) => ({ name, rows })),
    location: record.location,
  }
}

function provenOf({
  trust,
  verification,
  restoration,
}: GoodRecord): Pick<ArchiveSummary, 'provenAt' | 'timeToRestoreMs' | 'decoded'> {
  if (trust === 'restored' && restoration !== null) {
    return { provenAt: restoration.restoredAt, timeToRestoreMs: restoration.durationMs }
  }
  if (trust !== 'verified' || verification === null) return {}
  return { provenAt: verification.verifiedAt, ...(verification.decoded ? {} : { decoded: false }) }
}

async function readRecord(
  store: Store,
  place: { project: string; environment: string; id: string },
): Promise<ArchiveRecord | null> {
  const { project, environment, id } = place
  const key = (file: ArchiveFile) => archiveKey(project, environment, id, file)
  const [manifestFile, verifiedFile, restoredFile, failedFile] = await Promise.all([
    store.get(key('manifest.json')),
    store.get(key('verified.json')),
    store.get(key('restored.json')),
    store.get(key('failed.json')),
  ])
  if (manifestFile === null) return null
  const known: Known = { ...place, location: store.locate(key('archive.dump.zst')) }
  try {
    const manifest = parseManifest(manifestFile.body)
    if (manifest.id !== id || manifest.project !== project || manifest.environment !== environment) {
      throw corrupt(`manifest.json belongs to ${manifest.project}/${manifest.environment}/${manifest.id}`)
    }
    known.location = store.locate(partOf(manifest, 'archive.dump.zst'))
    const proven = {
      verification: unlessCorrupt(verifiedFile?.body, parseVerification),
      restoration: unlessCorrupt(restoredFile?.body, parseRestoration),
    }
    const failed = unlessCorrupt(failedFile?.body, parseFailure)
    const proofs: Proofs = { ...proven, failure: failed === null || isMadeGood(failed, proven) ? null : failed }
    return { kind: 'archive', ...known, manifest, ...proofs, trust: trustOf(manifest, proofs) }
  } catch (error) {
    if (!hasCode(error, 'archive.corrupt')) throw error
    return { kind: 'corrupt', ...known, reason: corrupt(`${known.location}: ${error.message}`, error) }
  }
}

/** A proof that cannot be read proves nothing: the archive is as good as before, and the next verification writes a new one. */
function unlessCorrupt<T>(bytes: Uint8Array | undefined, parse: (bytes: Uint8Array) => T): T | null {
  if (bytes === undefined) return null
  try {
    return parse(bytes)
  } catch (error) {
    if (hasCode(error, 'archive.corrupt')) return null
    throw error
  }
}
