// `npm run bundle`: builds the functions without the stack, to look at them.
import { join } from 'node:path'
import { describeError } from '../lib/error.ts'
import { readDeployment } from '../bin/read-deployment.ts'
import { buildAssets } from './bundle/build-assets.ts'

try {
  const { config } = await readDeployment(process.cwd(), process.env, process.arch)
  for (const { folder } of Object.values(await buildAssets(config, join('dist', 'functions')))) {
    process.stdout.write(`${folder}\n`)
  }
} catch (error) {
  process.stderr.write(`bundle: ${describeError(error)}\n`)
  process.exitCode = 1
}
