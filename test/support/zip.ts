// A folder as the zip that cdk uploads: deflated, with modes, and with the sizes of each file behind it rather than before (APPNOTE.TXT 6.3.10, 4.3).
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'

/** Sizes and checksum come in a descriptor behind the file. */
const DESCRIPTOR = 0x0008
const DEFLATED = 8

export function zipFolder(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name))) {
    const name = Buffer.from(relative(folder, path))
    const content = readFileSync(path)
    const packed = deflateRawSync(content, { level: 1 })
    const sizes = numbers([4, crc32(content)], [4, packed.length], [4, content.length])
    const common = numbers([2, 20], [2, DESCRIPTOR], [2, DEFLATED], [4, 0])
    const local = Buffer.concat([
      numbers([4, 0x04034b50]),
      common,
      Buffer.alloc(12),
      numbers([2, name.length], [2, 0]),
      name,
    ])
    const mode = ((statSync(path).mode & 0xffff) * 0x10000) >>> 0
    const entry = numbers([4, 0x02014b50], [2, 0x0314])
    directory.push(
      entry,
      common,
      sizes,
      numbers([2, name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, mode], [4, at]),
      name,
    )
    const file = [local, packed, numbers([4, 0x08074b50]), sizes]
    parts.push(...file)
    at += file.reduce((sum, { length }) => sum + length, 0)
  }
  const entries = Buffer.concat(directory)
  const end = numbers(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, files.length],
    [2, files.length],
    [4, entries.length],
    [4, at],
    [2, 0],
  )
  return Buffer.concat([...parts, entries, end])
}

function numbers(...each: [bytes: 2 | 4, value: number][]): Buffer {
  return Buffer.concat(
    each.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes)
      buffer.writeUIntLE(value, 0, bytes)
      return buffer
    }),
  )
}
