// The files of a folder as one object: JSON in a zstd frame with a checksum, the same bytes for the same files.
import { createHash } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { z } from 'zod'
import { RaingaugeError, messageOf } from '../../error.ts'
import { parseJson } from '../../parse-json.ts'

/** `path` is relative to the folder, with `/`. */
export type FolderFile = { path: string; bytes: Buffer }

/** What is packed; `sha256`, in hexadecimal, is of the text before it was compressed, so that it tells what is in it. */
export type PackedFiles = { packed: Buffer; sha256: string }

const MOST_FILES = 20_000
/** Of the text: a hundred large snapshots are 30 MB. Held twice in memory while it is read. */
const MOST_BYTES = 128 * 2 ** 20

const DOCUMENT = z.strictObject({
  format: z.literal(1),
  files: z
    .array(
      z.union([
        z.strictObject({ path: z.string(), text: z.string() }),
        z.strictObject({ path: z.string(), base64: z.base64() }),
      ]),
    )
    .max(MOST_FILES),
})

/** Packs the files, every byte of them, line endings too: a migration's hash is over them. Throws `folder.invalid` for more than any project has, and for a path that could not be unpacked. */
export function packFiles(files: readonly FolderFile[]): PackedFiles {
  const bad = files.find(({ path }) => !isPath(path))
  if (bad !== undefined) throw unfit(`${JSON.stringify(bad.path)} cannot be published under that name`)
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const text = JSON.stringify({ format: 1, files: sorted.map(toEntry) })
  const size = Buffer.byteLength(text)
  if (files.length > MOST_FILES || size > MOST_BYTES) {
    throw unfit(
      `the folder has ${files.length} files of ${size} bytes: at most ${MOST_FILES} of ${MOST_BYTES} are published`,
    )
  }
  const packed = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
  return { packed, sha256: hashOf(text) }
}

/** The files again. Throws `store.corrupt`, naming `place`, for what is not what {@link packFiles} made with that hash. */
export function unpackFiles(packed: Uint8Array, sha256: string, place: string): FolderFile[] {
  const text = decompress(packed, place)
  if (hashOf(text) !== sha256) throw corrupt(place, 'its hash is not the one that was published')
  const document = DOCUMENT.safeParse(parseJson(text))
  if (!document.success) throw corrupt(place, 'it is no packed folder')
  const files = document.data.files.map((entry) =>
    'text' in entry
      ? { path: entry.path, bytes: Buffer.from(entry.text) }
      : { path: entry.path, bytes: Buffer.from(entry.base64, 'base64') },
  )
  const bad = files.find(({ path }, index) => !isPath(path) || files[index - 1]?.path === path)
  if (bad !== undefined) throw corrupt(place, `it holds ${JSON.stringify(bad.path)}`)
  return files
}

/** Bytes that are no UTF-8 must come back as they were: Drizzle's hash is over them. */
function toEntry({ path, bytes }: FolderFile): { path: string; text: string } | { path: string; base64: string } {
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? { path, text } : { path, base64: bytes.toString('base64') }
}

/** One name, or a folder's and one in it, that ends as migrations and snapshots do, and cannot leave its folder on any system. */
function isPath(path: string): boolean {
  const names = path.split('/')
  if (names.length > 2 || !/\.(?:sql|json)$/.test(path)) return false
  // eslint-disable-next-line no-control-regex
  return names.every((name) => !/^\.{0,2}$|[\\:\0-\x1f]/.test(name) && Buffer.byteLength(name) <= 255)
}

function decompress(packed: Uint8Array, place: string): string {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: MOST_BYTES }).toString('utf8')
  } catch (cause) {
    throw corrupt(place, messageOf(cause), cause)
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function unfit(what: string): RaingaugeError {
  return new RaingaugeError('folder.invalid', what, { remedy: 'publish the folder that drizzle-kit generate writes' })
}

function corrupt(place: string, what: string, cause?: unknown): RaingaugeError {
  return new RaingaugeError('store.corrupt', `the published folder ${place} is damaged: ${what}`, {
    remedy: 'publish it again: raingauge publish',
    cause,
  })
}
