import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const ENTRY = 0x02014b50
const DEFLATED = 8

/**
 * Unpacks a zip such as the CDK uploads its assets in (APPNOTE.TXT 6.3.10, 4.3): files stored or deflated, with the modes of Unix, of less than
 * 4 GB together. By the central directory, since what stands before each file may leave its size out. Throws where it is no such zip.
 */
export function unpackZip(zip: Buffer, folder: string): void {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'))
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new Error('the bundle is no zip')
  const count = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error('the directory of the bundle is damaged')
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes)
    if (!name.endsWith('/')) writeEntry(zip, at, placeIn(folder, name))
    at += 46 + nameBytes + extraBytes + commentBytes
  }
}

function writeEntry(zip: Buffer, at: number, path: string): void {
  const [method, storedBytes, bytes] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)]
  const local = zip.readUInt32LE(at + 42)
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  const stored = zip.subarray(start, start + storedBytes)
  const content = method === DEFLATED ? inflateRawSync(stored) : stored
  if (content.length !== bytes) throw new Error(`${path} is not whole in the bundle`)
  mkdirSync(dirname(path), { recursive: true })
  // The upper half of the external attributes is the mode; 0 where who made it did not say.
  writeFileSync(path, content, { mode: (zip.readUInt32LE(at + 38) >>> 16) & 0o777 || 0o644 })
}

function placeIn(folder: string, name: string): string {
  const path = join(folder, name)
  if (relative(folder, path).startsWith('..')) throw new Error(`${name} does not lie in the bundle`)
  return path
}
