// Writes an archive into the store. Nothing is visible before it is proven whole; the manifest makes it exist.
import { createHash } from 'node:crypto'
import { RaingaugeError } from '../error.ts'
import type { Store, Upload } from '../store/store.ts'
import type { Dump } from './engine/dump.ts'
import { ArchiveInspector, type Inspection } from './format/table-rows.ts'
import { partKey, type SealedFile } from './part-key.ts'
import { FrameWriter, type FramedArchive } from './frame-writer.ts'
import type { FrameLimits } from './frame-cuts.ts'
import type { Manifest } from './manifest.ts'
import { publish, takingBack, type Attachment } from './publish.ts'
import { seal, sealWhole } from './seal.ts'

export type ArchiveRequest = {
  project: string
  environment: string
  /** Made by `archiveId`. */
  id: string
  /** Raingauge's own version. */
  raingauge: string
  dump: Dump
  server: { version: string; database: string }
  /** Read in the dump's own snapshot; kept beside the archive as it is given: one zstd frame. */
  catalog: { bytes: Uint8Array; fingerprint: string } | null
  ledger: Manifest['ledger']
  roles: string[]
  /** What pg_dump leaves out, as `formatGlobals` writes it; kept beside the archive. */
  globals?: string | undefined
  /** Milliseconds by stage of what came before the dump. */
  durations?: Record<string, number>
  /** age public keys that it is encrypted to; none: it is not. */
  recipients?: readonly string[] | undefined
  /** About how large it will be in the store; a wrong guess costs memory, or above 5 TiB the archive. */
  expectedBytes?: number | undefined
  signal?: AbortSignal | undefined
  /** Told the raw bytes so far. */
  progress?: (bytes: number) => void
  /** For tests; the usual ones suit every archive. */
  frameLimits?: FrameLimits
}

type Dumped = {
  inspection: Inspection
  framed: FramedArchive
  envelope: Manifest['envelope']
  durations: Record<string, number>
}

/**
 * Streams the dump into the store: counted, compressed in frames, hashed, and made visible only after pg_dump ended well and the
 * archive was parsed to its end. Then the catalog, last the manifest. Memory is flat, and nothing touches the disk.
 * Whatever goes wrong is thrown on, after the upload was taken back; when that fails too, an error says both.
 */
export async function writeArchive(deps: { store: Store; now: () => Date }, what: ArchiveRequest): Promise<Manifest> {
  const { store, now } = deps
  const startedAt = now()
  const { inspection, framed, envelope, durations } = await upload(store, what)
  const finishedAt = now()
  const catalog = what.catalog === null ? null : await attach(what, 'catalog.json.zst', what.catalog.bytes)
  const globals = what.globals === undefined ? null : await attach(what, 'globals.sql', Buffer.from(what.globals))
  const manifest: Manifest = {
    format: 1,
    id: what.id,
    project: what.project,
    environment: what.environment,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    raingauge: what.raingauge,
    engine: { name: what.dump.engine, version: what.dump.engineVersion },
    serverVersion: what.server.version,
    database: what.server.database,
    ...framed,
    envelope,
    tables: inspection.tables,
    catalog:
      catalog === null || what.catalog === null
        ? null
        : { fingerprint: what.catalog.fingerprint, sha256: catalog.sha256 },
    globals: globals === null ? null : { sha256: globals.sha256 },
    ledger: what.ledger,
    roles: what.roles,
    durations: { ...what.durations, ...durations },
  }
  await publish(store, { attachments: [catalog, globals].filter((each) => each !== null), manifest }, what.signal)
  return manifest
}

async function attach(what: ArchiveRequest, file: SealedFile, given: Uint8Array): Promise<Attachment> {
  const bytes = await sealWhole(what.recipients ?? [], given)
  return { file, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** From pg_dump to the committed upload, which is taken back when anything fails. */
async function upload(store: Store, what: ArchiveRequest): Promise<Dumped> {
  const key = partKey(what, 'archive.dump.zst', (what.recipients ?? []).length > 0)
  const begun = await store.upload(key, what.expectedBytes)
  try {
    return await stream(what, begun)
  } catch (error) {
    await takingBack(store.locate(key), error, () => begun.abort())
    throw error
  }
}

async function stream(what: ArchiveRequest, target: Upload): Promise<Dumped> {
  const boundaries: number[] = []
  const started = performance.now()
  const inspector = new ArchiveInspector((offset) => boundaries.push(offset), what.dump.rowPieces)
  const outlet = await seal(what.recipients ?? [], (chunk) => target.write(chunk))
  const frames = new FrameWriter((chunk) => outlet.write(chunk), what.frameLimits)
  try {
    let bytes = 0
    for await (const chunk of what.dump.output) {
      what.signal?.throwIfAborted()
      inspector.feed(chunk)
      await frames.write(chunk, boundaries.splice(0))
      bytes += chunk.byteLength
      what.progress?.(bytes)
    }
    const dumped = performance.now()
    const inspection = inspector.end()
    const framed = await frames.finish()
    const envelope = await outlet.end()
    what.signal?.throwIfAborted()
    const committed = await target.commit()
    const given = envelope?.bytes ?? framed.storedBytes
    if (committed.bytes !== given) {
      throw new RaingaugeError('store.corrupt', `the store says it took ${committed.bytes} bytes of ${given}`)
    }
    const durations = { dump: Math.round(dumped - started), upload: Math.round(performance.now() - dumped) }
    return { inspection, framed, envelope, durations }
  } catch (error) {
    outlet.abort(error)
    throw error
  }
}
