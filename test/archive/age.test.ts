import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'
import { ageSink, decryptAge, encryptWhole, isRecipient } from '../../lib/archive/age.ts'
import { Secret } from '../../lib/secret.ts'
import { testFolder } from '../support/directory.ts'
import { inChunks } from './archive-fixture.ts'

const KEY = await generateX25519Identity()
const RECIPIENT = await identityToRecipient(KEY)
const identity = new Secret(KEY)

async function encrypted(bytes: Buffer, recipients = [RECIPIENT], step = 50_000): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  const sink = await ageSink(recipients, async (chunk) => void pieces.push(chunk))
  for await (const chunk of inChunks(bytes, step)) await sink.write(chunk)
  await sink.end()
  return Buffer.concat(pieces)
}

async function decrypted(bytes: Buffer, key = identity, step = 30_000): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const chunk of decryptAge(key, inChunks(bytes, step), 'the archive')) pieces.push(chunk)
  return Buffer.concat(pieces)
}

test.each([0, 1, 65_535, 65_536, 65_537, 400_000])('%i bytes come back', async (length) => {
  const bytes = randomBytes(length)
  const file = await encrypted(bytes)
  expect(file.toString('latin1', 0, 21)).toBe('age-encryption.org/v1')
  expect(await decrypted(file)).toEqual(bytes)
})

test('each of several recipients can read it, and nobody else', async () => {
  const other = await generateX25519Identity()
  const file = await encrypted(Buffer.from('rows'), [RECIPIENT, await identityToRecipient(other)])
  expect((await decrypted(file)).toString()).toBe('rows')
  expect((await decrypted(file, new Secret(`# created: 2026\n# public key: age1…\n${other}\n`))).toString()).toBe(
    'rows',
  )
  await expect(decrypted(file, new Secret(await generateX25519Identity()))).rejects.toMatchObject({
    code: 'archive.locked',
    message: expect.stringContaining('not to the private key that is here'),
  })
})

test('cut, flipped or continued, it is refused', async () => {
  const file = await encrypted(randomBytes(200_000))
  for (const length of [10, 150, 300, 65_800, 131_300, file.length - 1]) {
    await expect(decrypted(file.subarray(0, length)), `cut at ${length}`).rejects.toMatchObject({
      code: 'archive.corrupt',
    })
  }
  for (const place of [5, 60, 230, 70_000, file.length - 3]) {
    const flipped = Buffer.from(file)
    flipped[place]! ^= 1
    await expect(decrypted(flipped), `flipped at ${place}`).rejects.toMatchObject({
      code: expect.stringMatching(/^archive\.(?:corrupt|locked)$/),
    })
  }
  await expect(decrypted(Buffer.concat([file, Buffer.from('x')]))).rejects.toMatchObject({ code: 'archive.corrupt' })
})

test('whatever it is read from is closed, also where it is refused at its first bytes or left half read', async () => {
  const file = await encrypted(randomBytes(400_000))
  const stranger = new Secret(await generateX25519Identity())
  let open = 0
  async function* source(): AsyncGenerator<Uint8Array> {
    open++
    try {
      yield* inChunks(file, 1000)
    } finally {
      open--
    }
  }
  const refused = decryptAge(stranger, source(), 'the archive')
  await expect(refused.next()).rejects.toMatchObject({ code: 'archive.locked' })
  expect(open).toBe(0)
  const half = decryptAge(identity, source(), 'the archive')
  await half.next()
  expect(open).toBe(1)
  await half.return()
  expect(open).toBe(0)
})

test('a store that fails is told to whoever writes, and a source that fails to whoever reads', async () => {
  const failing = await ageSink([RECIPIENT], () => Promise.reject(new Error('disk full')))
  const writes = async () => {
    for (let piece = 0; piece < 20; piece++) await failing.write(randomBytes(100_000))
    await failing.end()
  }
  await expect(writes()).rejects.toThrow('disk full')
  const file = await encrypted(randomBytes(200_000))
  const broken = decryptAge(identity, inChunks(file.subarray(0, 100_000), 20_000, new Error('reset')), 'the archive')
  const readAll = async () => {
    for await (const _chunk of broken);
  }
  await expect(readAll()).rejects.toThrow('reset')
})

test('a slow store holds the writer back', async () => {
  let taken = 0
  const gate = Promise.withResolvers<void>()
  const sink = await ageSink([RECIPIENT], async (chunk) => {
    taken += chunk.length
    if (taken > 100_000) await gate.promise
  })
  let given = 0
  const writing = (async () => {
    for (; given < 5_000_000; given += 100_000) await sink.write(randomBytes(100_000))
  })()
  await expect.poll(() => taken).toBeGreaterThan(100_000)
  // Until nothing more is given in several rounds.
  for (let before = -1; before !== given;) {
    before = given
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  expect(given).toBeLessThan(1_000_000)
  gate.resolve()
  await writing
  await sink.end()
  expect(taken).toBeGreaterThan(5_000_000)
})

test('given up, nothing more comes, and nobody waits', async () => {
  const sink = await ageSink([RECIPIENT], () => new Promise(() => {}))
  void sink.write(randomBytes(200_000)).catch(() => {})
  sink.abort(new Error('stop'))
  await expect(sink.write(randomBytes(10))).rejects.toThrow('stop')
})

test('what is no key is told, and a private key is not repeated', async () => {
  expect([RECIPIENT, 'age1nonsense', KEY, ''].map(isRecipient)).toEqual([true, false, false, false])
  await expect(ageSink(['age1nonsense'], async () => {})).rejects.toMatchObject({ code: 'config.invalid' })
  const file = await encrypted(Buffer.from('rows'))
  for (const text of ['', 'hunter22', RECIPIENT]) {
    await expect(decrypted(file, new Secret(text))).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.not.stringContaining('hunter22'),
    })
  }
})

const AGE = spawnSync('age', ['--version']).status === 0

test.runIf(AGE)('the age program reads what is written here, and its files are read here', async () => {
  const folder = testFolder()
  const bytes = randomBytes(150_000)
  writeFileSync(join(folder, 'key'), KEY)
  writeFileSync(join(folder, 'file'), await encrypted(bytes))
  const read = spawnSync('age', ['--decrypt', '--identity', join(folder, 'key'), join(folder, 'file')])
  expect(read.stdout).toEqual(bytes)
  const written = spawnSync('age', ['--encrypt', '--recipient', RECIPIENT], { input: bytes })
  expect(await decrypted(written.stdout)).toEqual(bytes)
})

test('a small file, whole', async () => {
  expect(await decrypted(Buffer.from(await encryptWhole([RECIPIENT], Buffer.from('catalog'))))).toEqual(
    Buffer.from('catalog'),
  )
})
