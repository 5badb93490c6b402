import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openStore } from '../../lib/store/open-store.ts'
import { testFolder } from '../support/directory.ts'
import { testS3 } from '../support/s3.ts'

test('a directory is opened without a client', async () => {
  const path = testFolder()
  const store = await openStore({ kind: 'directory', path }, () => Promise.reject(new Error('asked for a client')))
  await store.put('a', 'x')
  expect(store.locate('a')).toBe(`${path}/a`)
})

test('a bucket is opened with the client, made once', async () => {
  const { standIn, client } = await testS3()
  let made = 0
  const store = await openStore({ kind: 's3', bucket: standIn.bucketName, prefix: 'some/where' }, () => {
    made += 1
    return Promise.resolve(client)
  })
  await store.put('a', 'x')
  expect(made).toBe(1)
  expect(store.locate('a')).toBe('s3://test-bucket/some/where/a')
  expect([...standIn.bucket.objects.keys()]).toEqual(['some/where/a'])
})

test('a client that cannot be made is told', async () => {
  const failing = openStore({ kind: 's3', bucket: 'b', prefix: '' }, () => Promise.reject(new Error('no region')))
  await expect(failing).rejects.toThrow('no region')
})

test('a directory store loads nothing of the SDK', async () => {
  const folder = testFolder()
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ resolve(name, context, next) { loaded.push(name); return next(name, context) } })
    const { openStore } = await import(${JSON.stringify(import.meta.resolve('../../lib/store/open-store.ts'))})
    const store = await openStore({ kind: 'directory', path: ${JSON.stringify(folder)} })
    await store.put('a', 'x')
    console.log(JSON.stringify(loaded))`
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { cwd, encoding: 'utf8' })
  const loaded = JSON.parse(child.stdout) as string[]
  expect(loaded).toContain('./directory-store.ts')
  expect(loaded.filter((name) => /aws|smithy|s3/.test(name))).toEqual([])
  expect(child.stderr).toBe('')
})
