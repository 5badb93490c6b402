import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { expect, test } from 'vitest'
import { compressFrame } from '../../lib/archive/compress-frame.ts'
import { letPoolYield } from '../../lib/archive/yielding-pool.ts'

test.runIf(process.platform === 'linux')('who compresses lets the thread at the socket go first', async () => {
  expect(await compressFrame(Buffer.from('rows'))).toBeInstanceOf(Buffer)
  const ranks = readdirSync('/proc/self/task').map((thread) => {
    const name = readFileSync(`/proc/self/task/${thread}/comm`, 'latin1').trim()
    return { name, rank: getPriority(Number(thread)) - getPriority() }
  })
  const ofPool = ranks.filter(({ name }) => name === 'libuv-worker')
  expect(ofPool.length).toBeGreaterThan(0)
  // 19 is the last rank there is.
  const least = Math.min(10, 19 - getPriority())
  expect(ofPool.every(({ rank }) => rank >= least)).toBe(true)
  expect(ranks.some(({ rank }) => rank === 0)).toBe(true)
})

test('where threads cannot be ranked, nothing comes of it', () => {
  expect(() => letPoolYield('/nowhere')).not.toThrow()
})
