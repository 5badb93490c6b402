// How much a function loads, and that what was left out of it is not missed.
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { FUNCTION_JOBS } from '../../lib/config/function-variables.ts'
import { bytesOf } from '../../scripts/bundle/bytes-of.ts'
import { LEAVE_OUT, NEVER_LOADED } from '../../scripts/bundle/leave-out.ts'
import { builtBundles } from '../support/deployment.ts'
import { testFolder } from '../support/directory.ts'

/** All that it may load, lazily too, besides the scratch server and drizzle-kit. */
const BUDGET = 1_500_000

test.each(FUNCTION_JOBS)('%s stays within its budget', { timeout: 120_000 }, async (job) => {
  const { metafile } = (await builtBundles())[job]
  expect(bytesOf(metafile)).toBeLessThan(BUDGET)
  const sources = Object.keys(metafile.inputs)
  expect(sources.filter((path) => NEVER_LOADED.some((name) => path.includes(`node_modules/${name}/`)))).toEqual([])
  expect(sources.filter((path) => /credential-provider-(?:ini|sso)\/dist/.test(path))).toEqual([])
})

test('without variables, credentials come from the agent of a task, past all that is left out', async () => {
  const folder = testFolder()
  await build({
    stdin: {
      contents: `
        import { defaultProvider } from '@aws-sdk/credential-provider-node'
        const { accessKeyId } = await defaultProvider()()
        process.stdout.write(accessKeyId)`,
      resolveDir: join(import.meta.dirname, '..', '..'),
    },
    outfile: join(folder, 'ask.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    plugins: [...LEAVE_OUT],
    external: NEVER_LOADED,
  })
  const agent = createServer((_request, response) => {
    const Expiration = new Date(Date.now() + 3_600_000).toISOString()
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ AccessKeyId: 'AKIDTASK', SecretAccessKey: 'x', Token: 'y', Expiration }))
  })
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void agent.close())
  const env = {
    HOME: folder,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(agent.address() as AddressInfo).port}/`,
  }
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'ask.mjs')], { env })
  expect(stdout).toBe('AKIDTASK')
})
