import { spawnSync } from 'node:child_process'
import { extname, join, resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import type { FunctionJob } from '../config/function-variables.ts'
import { RaingaugeError, type ErrorCode } from '../error.ts'

/** What the bundler is asked on its stdin. */
export type BundleOrder = { config: Pick<Config, 'migrations' | 'deploy'>; into: string }

/** What the bundler answers on its stdout. */
export type BundleAnswer =
  | { folders: Record<FunctionJob, string> }
  | { error: { code: ErrorCode; message: string; remedy?: string | undefined } }

/** Of the same kind as this file: TypeScript in a checkout, compiled where the package is installed. */
const PROGRAM = join(import.meta.dirname, '../../scripts/bundle', `build-functions${extname(import.meta.filename)}`)

/** Beside other tools' caches. The scratch server of another platform is kept there too. */
const CACHE = join('node_modules', '.cache', 'raingauge', 'functions')

/**
 * Builds the bundles of all functions and returns their folders, below the working directory. In a process of its own, which this one waits for: who
 * makes a construct cannot await. What it says while it works goes to stderr. Throws what the bundler throws.
 */
export function runBundler({ migrations, deploy }: BundleOrder['config']): Record<FunctionJob, string> {
  const order: BundleOrder = { config: { migrations, deploy }, into: resolve(CACHE) }
  const { status, stdout, error } = spawnSync(process.execPath, [PROGRAM], {
    input: JSON.stringify(order),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  if (error !== undefined || status !== 0) {
    throw new RaingaugeError('bundle.failed', `the functions could not be bundled: exit status ${status}`, {
      remedy: 'see what the bundler wrote above',
      cause: error,
    })
  }
  const answer = JSON.parse(stdout) as BundleAnswer
  if ('folders' in answer) return answer.folders
  throw new RaingaugeError(answer.error.code, answer.error.message, { remedy: answer.error.remedy })
}
