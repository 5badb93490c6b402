// What an archive says of itself. The manifest is written last: without one, there is no archive.
import { z } from 'zod'
import { RaingaugeError } from '../error.ts'

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const range = z.object({ start: count, bytes: count })

const frame = z.object({
  /** Where it lies in archive.dump.zst. */
  stored: range,
  /** Where what it holds lies in the uncompressed archive. */
  raw: range,
  /** Of its stored bytes. */
  sha256,
})

const manifest = z
  .object({
    format: z.literal(1),
    id: z.string().min(1),
    project: z.string().min(1),
    environment: z.string().min(1),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    /** The version that wrote it. */
    raingauge: z.string(),
    engine: z.object({ name: z.enum(['wasm', 'native']), version: z.string() }),
    serverVersion: z.string(),
    database: z.string(),
    rawBytes: count,
    storedBytes: count,
    sha256: z.object({ raw: sha256, stored: sha256 }),
    /** In the order of the archive; `raw` is the table's block in the uncompressed archive. */
    tables: z.array(z.object({ name: z.string(), rows: count, raw: range })),
    frames: z.array(frame).min(1),
    /** How it lies in the store where it is encrypted: then `storedBytes`, `sha256.stored` and `frames` are of what is inside. */
    envelope: z
      .object({ format: z.literal('age'), recipients: z.array(z.string()).min(1), bytes: count, sha256 })
      .nullable()
      .default(null),
    /** The catalog in the dump's own snapshot; `sha256` is that of the stored attachment. */
    catalog: z.object({ fingerprint: z.string(), sha256 }).nullable(),
    /** The `globals.sql` beside it: what its database needs of the server; `sha256` is that of the stored attachment. */
    globals: z.object({ sha256 }).nullable().default(null),
    ledger: z
      .object({
        count,
        sha256: z.string(),
        newest: z.object({ tag: z.string().nullable(), hash: z.string() }).nullable(),
      })
      .nullable(),
    /** The roles that its policies and owners name, which pg_dump leaves out. */
    roles: z.array(z.string()),
    /** Milliseconds by stage. */
    durations: z.record(z.string(), z.number().min(0)),
  })
  .refine(framesAreWhole, 'the frames do not add up to the archive')

export type Manifest = z.infer<typeof manifest>
export type Frame = z.infer<typeof frame>

/** Reads `manifest.json`. Throws `archive.corrupt` when it is not one, without naming where it lies: the caller knows. */
export function parseManifest(bytes: Uint8Array): Manifest {
  return parseDocument(manifest, bytes, 'manifest.json')
}

/** The document in `bytes`, as the schema wants it. Throws `archive.corrupt`. */
export function parseDocument<T>(schema: z.ZodType<T>, bytes: Uint8Array, name: string): T {
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new RaingaugeError('archive.corrupt', `${name} is not JSON`, { cause })
  }
  const parsed = schema.safeParse(document)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue?.path.join('.') || 'it'
  throw new RaingaugeError('archive.corrupt', `${name} is not as it should be: ${place}: ${issue?.message}`, {
    cause: parsed.error,
  })
}

/** Frames follow each other without a gap, in the store and uncompressed. */
function framesAreWhole(document: { frames: Frame[]; rawBytes: number; storedBytes: number }): boolean {
  let stored = 0
  let raw = 0
  for (const each of document.frames) {
    if (each.stored.start !== stored || each.raw.start !== raw) return false
    stored += each.stored.bytes
    raw += each.raw.bytes
  }
  return stored === document.storedBytes && raw === document.rawBytes
}
