// Writes an archive into the store. Nothing is visible before it is proven whole; the manifest makes it exist.
import { createHash } from 'node:crypto'
import { RaingaugeError } from '../error.ts'
import type { Store, Upload } from '../store/store.ts'
import type { Dump } from './engine/dump.ts'
import { ArchiveInspector, type Inspection } from './format/table-rows.ts'
import { partKey } from './envelope.ts'
import { FrameWriter, type FramedArchive } from './frame-writer.ts'
import type { FrameLimits } from './frame-cuts.ts'
import type { Manifest } from './manifest.ts'
import { publish, takingBack } from './publish.ts'
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
  /** age public keys that it is encrypted to; none: it is not. */
  recipients?: readonly string[] | undefined
  signal?: AbortSignal | undefined
  /** Told the raw bytes so far. */
  progress?: (bytes: number) => void
  /** For tests; the usual ones suit every archive. */
  frameLimits?: FrameLimits
}

type Dumped = { inspection: Inspection; framed: FramedArchive; envelope: Manifest['envelope'] }

/**
 * Streams the dump into the store: counted, compressed in frames, hashed, and made visible only after pg_dump ended well and the
 * archive was parsed to its end. Then the catalog, last the manifest. Memory is flat, and nothing touches the disk.
 * Whatever goes wrong is thrown on, after the upload was taken back; when that fails too, an error says both.
 */
export async function writeArchive(deps: { store: Store; now: () => Date }, what: ArchiveRequest): Promise<Manifest> {
  const { store, now } = deps
  const startedAt = now()
  const { inspection, framed, envelope } = await upload(store, what)
  const finishedAt = now()
  const { recipients = [] } = what
  const catalog = what.catalog === null ? null : await sealWhole(recipients, what.catalog.bytes)
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
        : { fingerprint: what.catalog.fingerprint, sha256: createHash('sha256').update(catalog).digest('hex') },
    ledger: what.ledger,
    roles: what.roles,
    durations: { dump: Math.max(0, finishedAt.getTime() - startedAt.getTime()) },
  }
  await publish(store, { catalog, manifest }, what.signal)
  return manifest
}

/** From pg_dump to the committed upload, which is taken back when anything fails. */
async function upload(store: Store, what: ArchiveRequest): Promise<Dumped> {
  const key = partKey(what, 'archive.dump.zst', (what.recipients ?? []).length > 0)
  const begun = await store.upload(key)
  try {
    return await stream(what, begun)
  } catch (error) {
    await takingBack(store.locate(key), error, () => begun.abort())
    throw error
  }
}

async function stream(what: ArchiveRequest, target: Upload): Promise<Dumped> {
  const boundaries: number[] = []
  const inspector = new ArchiveInspector((offset) => boundaries.push(offset))
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
    const inspection = inspector.end()
    const framed = await frames.finish()
    const envelope = await outlet.end()
    what.signal?.throwIfAborted()
    const committed = await target.commit()
    const given = envelope?.bytes ?? framed.storedBytes
    if (committed.bytes !== given) {
      throw new RaingaugeError('store.corrupt', `the store says it took ${committed.bytes} bytes of ${given}`)
    }
    return { inspection, framed, envelope }
  } catch (error) {
    outlet.abort(error)
    throw error
  } finally {
    frames.destroy()
  }
}
