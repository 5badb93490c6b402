// The raw bytes of an archive in a plain file, compressed or not: what it is, its first bytes say.
import { createReadStream } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RaingaugeError } from '../error.ts'
import { codeOf } from '../postgres/classify-error.ts'
import { streamedSource, type ArchiveSource } from './archive-source.ts'
import { corrupt } from './corrupt.ts'
import { decodeFrame } from './decode-frame.ts'
import { parseManifest, type Manifest } from './manifest.ts'
import { framedSource, type ReadStored } from './read-frames.ts'
import { blocksOfHead } from './restore/data-groups.ts'
import { zstdFrames } from './zstd-frames.ts'

const READ_CHUNK = 1024 * 1024
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const CUSTOM_FORMAT = Buffer.from('PGDMP')
/** `age-encryption.org/v1`, as far as it is looked at. */
const AGE = Buffer.from('age-e')

/**
 * The uncompressed archive in a `.dump` or `.dump.zst` file. Throws `archive.not-found`, `archive.locked` for one that is encrypted, or `archive.corrupt` for a file that is
 * neither, or whose zstd frames do not decode to the end of the file.
 */
export async function* readArchiveFile(path: string): AsyncGenerator<Buffer, void, void> {
  const start = await firstBytes(path)
  const source = createReadStream(path, { highWaterMark: READ_CHUNK }) as AsyncIterable<Buffer>
  if (start.subarray(0, CUSTOM_FORMAT.length).equals(CUSTOM_FORMAT)) {
    yield* source
  } else if (start.subarray(0, ZSTD.length).equals(ZSTD)) {
    let number = 0
    for await (const frame of zstdFrames(source, path)) {
      number++
      yield* decodeFrame(frame, null, `frame ${number} of ${path}`)
    }
  } else if (start.equals(AGE)) {
    throw new RaingaugeError('archive.locked', `${path} is encrypted with age`, {
      remedy:
        'name it by its id, or where its store has it, with --identity FILE; or decrypt it first with age -d -i FILE',
    })
  } else {
    throw corrupt(`${path} is neither an archive of pg_dump -Fc nor a zstd file`)
  }
}

/**
 * The archive in a file, for a restore: by ranges where its manifest lies beside it (`archive.dump.zst` of a directory store) or where it
 * is not compressed; else from front to back. Throws `archive.not-found`, `archive.corrupt`.
 */
export async function fileSource(path: string): Promise<ArchiveSource> {
  const start = await firstBytes(path)
  const { size } = await stat(path)
  const readRange: ReadStored = ({ start: from, end }) =>
    createReadStream(path, { start: from, end: end - 1, highWaterMark: READ_CHUNK })
  if (start.subarray(0, CUSTOM_FORMAT.length).equals(CUSTOM_FORMAT)) {
    return {
      kind: 'ranges',
      location: path,
      rawBytes: size,
      headWithin: size,
      read: readRange,
      blocks: (head) => blocksOfHead(head, size),
      pieceAt: (offset) => offset,
    }
  }
  const manifest = await manifestBeside(path)
  if (manifest === null) return streamedSource(readArchiveFile(path), path)
  if (manifest.storedBytes !== size) {
    throw corrupt(`${path} has ${size} bytes, and its manifest says ${manifest.storedBytes}`)
  }
  return framedSource(manifest, path, readRange)
}

async function manifestBeside(path: string): Promise<Manifest | null> {
  if (basename(path) !== 'archive.dump.zst') return null
  try {
    return parseManifest(await readFile(join(dirname(path), 'manifest.json')))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, 'r')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 0)
    return buffer.subarray(0, bytesRead)
  } catch (cause) {
    throw new RaingaugeError('archive.not-found', `cannot read ${path} (${codeOf(cause) ?? 'unknown error'})`, {
      remedy: 'check the path, and that it is a file that you may read',
      cause,
    })
  }
}
