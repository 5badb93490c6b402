import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unpackZip } from '../../lambdas/unpack-zip.ts'
import { testFolder } from '../support/directory.ts'
import { zipFolder } from '../support/zip.ts'

function zipped(): Buffer {
  const folder = testFolder()
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin', 'postgres'), 'x'.repeat(100_000))
  chmodSync(join(folder, 'bin', 'postgres'), 0o755)
  writeFileSync(join(folder, 'größe.sql'), '')
  return zipFolder(folder)
}

test('files come out as they were, in their folders, with the right to be run', () => {
  const folder = join(testFolder(), 'new')
  unpackZip(zipped(), folder)
  expect(readFileSync(join(folder, 'bin', 'postgres'), 'utf8')).toBe('x'.repeat(100_000))
  expect(statSync(join(folder, 'bin', 'postgres')).mode & 0o777).toBe(0o755)
  expect(statSync(join(folder, 'größe.sql')).size).toBe(0)
})

test.each([
  ['no zip', (zip: Buffer) => zip.subarray(0, 100), /is no zip/],
  ['damaged', (zip: Buffer) => zip.fill(0, zip.indexOf('PK\x01\x02'), zip.indexOf('PK\x01\x02') + 4), /is damaged/],
  ['cut short within', (zip: Buffer) => shorten(zip), /is not whole/],
])('what is %s is refused', (_name, damage, words) => {
  expect(() => unpackZip(damage(zipped()), testFolder())).toThrow(words)
})

/** The directory promises a byte more than there is. */
function shorten(zip: Buffer): Buffer {
  const entry = zip.indexOf('PK\x01\x02')
  zip.writeUInt32LE(zip.readUInt32LE(entry + 24) + 1, entry + 24)
  return zip
}

test('no file is put beside the folder', () => {
  const folder = testFolder()
  const zip = zipped()
  for (let at = zip.indexOf('bin/postgres'); at >= 0; at = zip.indexOf('bin/postgres')) zip.write('../../postgr', at)
  expect(() => unpackZip(zip, join(folder, 'a'))).toThrow(/does not lie in the bundle/)
  expect(existsSync(join(folder, '..', 'postgr'))).toBe(false)
})
