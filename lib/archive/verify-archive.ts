// Proves that an archive can be read back: every byte of it, from where it lies now.
import { describeError, hasCode, RaingaugeError } from '../error.ts'
import type { Secret } from '../secret.ts'
import { archiveKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { corrupt } from './corrupt.ts'
import { readPart, verifyEnvelope } from './envelope.ts'
import { ArchiveInspector, type Inspection } from './format/table-rows.ts'
import { giveBack } from './give-back.ts'
import type { GoodRecord } from './list-archives.ts'
import type { Failure, Restoration, Verification } from './proof.ts'
import { readArchive } from './read-archive.ts'
import { readArchiveFile } from './read-file.ts'
import { rowsIn } from '../run.ts'

export type VerifyOptions = {
  signal?: AbortSignal | undefined
  /** Opens archives that are encrypted; without it, only their bytes are compared with what was written. */
  identity?: Secret | null
  /** Told the raw bytes so far, or the stored ones of an archive that cannot be opened. */
  progress?: (bytes: number) => void
}

/**
 * Reads the archive back from the store: every SHA-256 and zstd checksum, the whole format, and the rows of each table against the
 * manifest. Writes `verified.json` over any earlier one, or `failed.json` and throws `archive.corrupt` naming what is wrong; throws what the
 * store throws.
 */
export async function verifyArchive(
  store: Store,
  record: GoodRecord,
  now: () => Date,
  options: VerifyOptions = {},
): Promise<Verification> {
  try {
    return await verify(store, record, now, options)
  } catch (error) {
    if (hasCode(error, 'archive.corrupt')) await recordFailure(store, record, 'verify', error, now)
    throw error
  }
}

async function verify(
  store: Store,
  record: GoodRecord,
  now: () => Date,
  options: VerifyOptions,
): Promise<Verification> {
  const { manifest } = record
  const startedAt = now()
  const { identity = null } = options
  const decoded = manifest.envelope === null || identity !== null
  const found = decoded ? await inspect(readArchive(store, manifest, identity), options) : manifest
  if (!decoded) await verifyEnvelope(store, manifest, options.progress)
  const difference = differenceInRows(manifest.tables, found.tables)
  if (difference !== null) throw corrupt(`${record.location}: ${difference}`)
  if (manifest.catalog !== null) await readPart(store, manifest, 'catalog.json.zst', manifest.catalog.sha256)
  if (manifest.globals !== null) await readPart(store, manifest, 'globals.sql', manifest.globals.sha256)
  const verifiedAt = now()
  const verification: Verification = {
    format: 1,
    id: manifest.id,
    verifiedAt: verifiedAt.toISOString(),
    durationMs: Math.max(0, verifiedAt.getTime() - startedAt.getTime()),
    rawBytes: manifest.rawBytes,
    storedBytes: manifest.storedBytes,
    sha256: manifest.sha256,
    tables: found.tables.length,
    rows: rowsIn(found.tables),
    decoded,
  }
  const key = archiveKey(manifest.project, manifest.environment, manifest.id, 'verified.json')
  await store.put(key, JSON.stringify(verification))
  return verification
}

/** Writes down that a drill restored the archive: `restored.json`, over any earlier one. */
export async function recordRestoration(store: Store, record: GoodRecord, restoration: Restoration): Promise<void> {
  const key = archiveKey(record.project, record.environment, record.id, 'restored.json')
  await store.put(key, JSON.stringify(restoration))
}

/** Writes down what is wrong with the archive: `failed.json`, over any earlier one. It stands until a newer proof. */
export async function recordFailure(
  store: Store,
  { project, environment, id }: GoodRecord,
  stage: Failure['stage'],
  error: RaingaugeError,
  now: () => Date,
): Promise<void> {
  const failure: Failure = { format: 1, id, failedAt: now().toISOString(), stage, reason: describeError(error) }
  try {
    await store.put(archiveKey(project, environment, id, 'failed.json'), JSON.stringify(failure))
  } catch (cause) {
    throw new RaingaugeError(
      error.code,
      `${error.message}; and that could not be written down: ${describeError(cause)}`,
      {
        remedy: error.remedy,
        cause,
      },
    )
  }
}

export type FileVerification = {
  /** Uncompressed. */
  rawBytes: number
  serverVersion: string
  database: string
  tables: { name: string; rows: number }[]
}

/**
 * Proves what can be proven of a plain `.dump` or `.dump.zst` file without a manifest: zstd checksums, the whole format to its exact
 * end, the end mark of each table. A flipped bit in a value shows only where the file is compressed with checksums.
 */
export async function verifyFile(path: string, options: VerifyOptions = {}): Promise<FileVerification> {
  let rawBytes = 0
  const progress = (bytes: number) => {
    rawBytes = bytes
    options.progress?.(bytes)
  }
  const { head, tables } = await inspect(readArchiveFile(path), { ...options, progress })
  return {
    rawBytes,
    serverVersion: head.header.serverVersion,
    database: head.header.database,
    tables: tables.map(({ name, rows }) => ({ name, rows })),
  }
}

/** What first differs, in words; null where all rows are there. */
export function differenceInRows(
  expected: readonly { name: string; rows: number }[],
  found: readonly { name: string; rows: number }[],
): string | null {
  const rows = new Map(found.map((table) => [table.name, table.rows]))
  for (const table of expected) {
    const there = rows.get(table.name)
    if (there === undefined) return `${table.name} is missing`
    if (there !== table.rows) return `${table.name} has ${there} rows, not ${table.rows}`
  }
  if (found.length !== expected.length) return `${found.length} tables, not ${expected.length}`
  return null
}

async function inspect(source: AsyncIterable<Uint8Array>, options: VerifyOptions): Promise<Inspection> {
  const inspector = new ArchiveInspector()
  let bytes = 0
  for await (const chunk of source) {
    options.signal?.throwIfAborted()
    inspector.feed(chunk)
    bytes += chunk.byteLength
    options.progress?.(bytes)
    giveBack(chunk)
  }
  return inspector.end()
}
