// What is special to a folder: crashes, other processes, full disks, rights.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { directoryFault } from '../../lib/store/directory-fault.ts'
import { directoryStore } from '../../lib/store/directory-store.ts'
import { sweepUnfinished } from '../../lib/store/sweep.ts'
import { everythingIn, testFolder } from '../support/directory.ts'

const program = (name: string): string => fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url))

function start(name: string, ...given: string[]): ChildProcess {
  const child = spawn(process.execPath, [program(name), ...given], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

async function first<T>(values: AsyncIterable<T>): Promise<T | undefined> {
  for await (const value of values) return value
  return undefined
}

test('files and folders are for this user alone', async () => {
  const root = join(testFolder(), 'store')
  const store = directoryStore(root)
  await store.put('a/b/c.json', 'x')
  await store.put('a/b/c.json', 'y')
  const upload = await store.upload('a/b/d')
  await upload.commit()
  const mode = async (path: string): Promise<string> => ((await stat(join(root, path))).mode & 0o777).toString(8)
  expect(await Promise.all(['', 'a', 'a/b'].map(mode))).toEqual(['700', '700', '700'])
  expect(await Promise.all(['a/b/c.json', 'a/b/d', '.lock'].map(mode))).toEqual(['600', '600', '600'])
})

test('writing leaves only what was written', async () => {
  const root = testFolder()
  const store = directoryStore(root)
  await store.put('a/1', 'x', 'absent')
  await expect(store.put('a/1', 'y', 'absent')).rejects.toMatchObject({ code: 'store.conflict' })
  await expect(store.put('a/1', 'y', { etag: 'other' })).rejects.toMatchObject({ code: 'store.conflict' })
  const upload = await store.upload('b/c/2')
  await upload.abort()
  expect(await everythingIn(root)).toEqual(['.lock', 'a', 'a/1'])
  await store.delete('a/1')
  expect(await everythingIn(root)).toEqual(['.lock'])
})

test('what is retained is not written over, and is forgotten with the object once that has ended', async () => {
  const root = testFolder()
  let now = new Date('2026-01-02T03:00:00Z')
  const store = directoryStore(root, () => now)
  const { etag } = await store.put('a/1', 'kept')
  await store.retain('a/1', { mode: 'governance', until: new Date('2026-01-03T03:00:00Z') })
  for (const condition of [undefined, { etag }]) {
    await expect(store.put('a/1', 'other', condition)).rejects.toMatchObject({ code: 'store.retained' })
  }
  expect((await store.get('a/1'))?.body.toString()).toBe('kept')
  now = new Date('2026-01-03T03:00:01Z')
  await store.delete('a/1')
  expect(await everythingIn(root)).toEqual(['.lock'])
  await store.put('a/1', 'new')
  expect(await store.retention('a/1')).toBeNull()
})

test('processes that compare and swap lose no step', async () => {
  const root = testFolder()
  const writers = [1, 2, 3].map(() => start('racing-writer', root, 'counter', '20'))
  const statuses = await Promise.all(writers.map(async (writer) => (await once(writer, 'exit')) as [number | null]))
  expect(statuses.map(([status]) => status)).toEqual([0, 0, 0])
  expect(await readFile(join(root, 'counter'), 'utf8')).toBe('60')
})

test('a killed process leaves no object, no lock, and what the sweep removes', async () => {
  const root = testFolder()
  const store = directoryStore(root)
  await store.put('state.json', 'before')
  const child = start('uploading-writer', root, 'a/big', '1000000', 'stop')
  if (child.stdout === null) throw new Error('no pipe')
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')

  const left = (await everythingIn(root)).filter((name) => name.includes('.tmp-'))
  expect(left).toHaveLength(1)
  expect(await store.get('a/big')).toBeNull()
  for await (const { key } of store.list('')) expect(key).toBe('state.json')
  await store.put('state.json', 'after')
  const again = await store.upload('a/big')
  await again.write(Buffer.from('whole'))
  await again.commit()

  expect(await sweepUnfinished(store, '', new Date(Date.now() - 3_600_000))).toEqual([])
  await utimes(join(root, left[0] ?? ''), new Date(0), new Date(0))
  expect(await sweepUnfinished(store, '', new Date(Date.now() - 3_600_000))).toEqual(left)
  expect(await everythingIn(root)).toEqual(['.lock', 'a', 'a/big', 'state.json'])
  expect(await readFile(join(root, 'a/big'), 'utf8')).toBe('whole')
})

test('a file that may grow no further is a clear error, and leaves nothing', async () => {
  const root = testFolder()
  const child = spawnSync(
    '/bin/sh',
    ['-c', 'ulimit -f 1024; exec "$0" "$@"', process.execPath, program('uploading-writer'), root, 'a/big', '3000000'],
    { encoding: 'utf8' },
  )
  expect(child.stdout).toMatch(/^store\.unwritable: writing the store at .*\/a\/big: EFBIG: .*ulimit -f/)
  expect(await everythingIn(root)).toEqual([])
})

test('a full disk is named, with its remedy', async () => {
  const full = await open('/dev/full', 'w')
  const failure: unknown = await full.write('x').catch((error: unknown) => error)
  await full.close()
  const fault = directoryFault(failure, '/data/store/a', 'writing')
  expect(fault).toMatchObject({
    code: 'store.unwritable',
    message: 'writing the store at /data/store/a: ENOSPC: no space left on device',
  })
  expect(fault.remedy).toContain('make room')
})

test.each(['EACCES', 'EROFS', 'EDQUOT', 'ENOTDIR', 'EPERM'])('%s when writing is an unwritable store', (code) => {
  const fault = directoryFault(Object.assign(new Error(`${code}: words, open '/x/.tmp-1'`), { code }), '/x', 'writing')
  expect(fault).toMatchObject({ code: 'store.unwritable', message: `writing the store at /x: ${code}: words` })
})

test('another error of the disk is an unavailable store', () => {
  const broken = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
  expect(directoryFault(broken, '/x', 'writing').code).toBe('store.unavailable')
  expect(directoryFault(broken, '/x', 'reading').code).toBe('store.unavailable')
})

test.each(['/proc/raingauge', '/dev/null/store'])('a store in %s cannot be written', async (root) => {
  const store = directoryStore(root)
  const attempts = [() => store.put('a/b', 'x'), () => store.put('a/b', 'x', 'absent'), () => store.upload('a/b')]
  for (const attempt of attempts) {
    await expect(attempt()).rejects.toMatchObject({
      code: 'store.unwritable',
      message: expect.stringContaining(`${root}/a/b`),
      remedy: expect.stringContaining('choose another store'),
    })
  }
})

test('a store that cannot be read is not an empty one', async () => {
  const store = directoryStore('/dev/null/store')
  await expect(store.get('a')).rejects.toMatchObject({ code: 'store.unavailable' })
  await expect(first(store.list(''))).rejects.toMatchObject({ code: 'store.unavailable' })
  await expect(first(store.read('a'))).rejects.toMatchObject({ code: 'store.unavailable' })
})

test('a folder in the way is a clear error', async () => {
  const root = testFolder()
  await mkdir(join(root, 'a'))
  await writeFile(join(root, 'a/x'), '')
  await expect(directoryStore(root).put('a', 'x')).rejects.toMatchObject({ code: 'store.unwritable' })
  expect(await everythingIn(root)).toEqual(['.lock', 'a', 'a/x'])
})

test('lists through linked folders, and leaves strangers out', async () => {
  const [root, elsewhere] = [testFolder(), testFolder()]
  const store = directoryStore(root)
  await symlink(elsewhere, join(root, 'archives'))
  await symlink('nowhere', join(root, 'dangling'))
  await store.put('archives/1', 'x')
  await writeFile(join(root, 'not a key'), '')
  await mkdir(join(root, '.git'))
  await writeFile(join(root, '.git/config'), '')
  const keys: string[] = []
  for await (const { key } of store.list('')) keys.push(key)
  expect(keys).toEqual(['archives/1'])
})

test('a reader keeps what it began to read', async () => {
  const store = directoryStore(testFolder())
  await store.put('a', Buffer.alloc(1 << 20, 1))
  let ones = 0
  for await (const chunk of store.read('a')) {
    if (ones === 0) await store.put('a', Buffer.alloc(1 << 20, 2))
    ones += chunk.filter((byte) => byte === 1).length
  }
  expect(ones).toBe(1 << 20)
})
