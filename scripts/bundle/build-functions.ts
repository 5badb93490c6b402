// The bundler as a program, for constructs: what to build comes on stdin, where it lies goes to stdout. See lib/infra/run-bundler.ts.
import { text } from 'node:stream/consumers'
import { RaingaugeError } from '../../lib/error.ts'
import type { BundleAnswer, BundleOrder } from '../../lib/infra/run-bundler.ts'
import { buildAssets, foldersOf } from './build-assets.ts'

const { config, into } = JSON.parse(await text(process.stdin)) as BundleOrder
process.stdout.write(JSON.stringify(await build()))

async function build(): Promise<BundleAnswer> {
  try {
    return { folders: foldersOf(await buildAssets(config, into)) }
  } catch (error) {
    // What nobody foresaw ends this program with its stack.
    if (!(error instanceof RaingaugeError)) throw error
    const { code, message, remedy } = error
    return { error: { code, message, remedy } }
  }
}
