// Makes the folder that becomes each function: the bundled handler and the files that it works with.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Metafile } from 'esbuild'
import type { Config } from '../../lib/config/config.ts'
import { FUNCTION_JOBS, isTaskJob, type FunctionJob } from '../../lib/config/function-variables.ts'
import { RaingaugeError } from '../../lib/error.ts'
import { bundleDrizzleKit } from './bundle-drizzle-kit.ts'
import { bundleHandler } from './bundle-handler.ts'
import { bundleStart } from './bundle-start.ts'
import { copyServer } from './copy-server.ts'
import { findServerPackage } from './find-server-package.ts'

export type Asset = { folder: string; metafile: Metafile }

/** What each function carries beside its handler and the migrations. */
const PARTS: Readonly<Record<FunctionJob, { server: boolean; drizzleKit: boolean; dumps: boolean }>> = {
  check: { server: true, drizzleKit: true, dumps: false },
  backup: { server: false, drizzleKit: false, dumps: true },
  drill: { server: true, drizzleKit: false, dumps: false },
  prune: { server: false, drizzleKit: false, dumps: false },
}

/**
 * Builds the assets of all functions under `into`, each in a folder named for its job and its content, so that a build never
 * changes a folder that another one is reading. Throws `folder.missing`, what finding the server throws, and esbuild's own errors.
 */
export async function buildAssets(
  config: Pick<Config, 'migrations' | 'deploy'>,
  into: string,
): Promise<Record<FunctionJob, Asset>> {
  if (!existsSync(config.migrations)) {
    throw new RaingaugeError('folder.missing', `there is no migrations folder ${config.migrations}`, {
      remedy: "name it in the configuration: migrations: 'its/path'",
    })
  }
  await mkdir(into, { recursive: true })
  // Once for all: two that fetch the same would be in each other's way.
  const server = await findServerPackage(config.deploy, join(into, '..', 'servers'))
  const assets = await Promise.all(FUNCTION_JOBS.map((job) => buildAsset(job, config, server, into)))
  return Object.fromEntries(FUNCTION_JOBS.map((job, index) => [job, assets[index]])) as Record<FunctionJob, Asset>
}

/** Where each asset lies, as the stack wants to know it. */
export function foldersOf(assets: Record<FunctionJob, Asset>): Record<FunctionJob, string> {
  return Object.fromEntries(FUNCTION_JOBS.map((job) => [job, assets[job].folder])) as Record<FunctionJob, string>
}

async function buildAsset(
  job: FunctionJob,
  { migrations, deploy }: Pick<Config, 'migrations' | 'deploy'>,
  server: string,
  into: string,
): Promise<Asset> {
  const work = await mkdtemp(join(into, `.${job}-`))
  try {
    const { metafile } = await bundleHandler(job, work, PARTS[job])
    if (isTaskJob(job)) await bundleStart(work)
    await cp(migrations, join(work, 'migrations'), { recursive: true })
    if (PARTS[job].server) await copyServer(server, join(work, `postgres-${deploy.postgresMajor}`))
    if (PARTS[job].drizzleKit) await bundleDrizzleKit(join(work, 'drizzle-kit', 'bin.cjs'))
    const folder = join(into, `${job}-${await hashFolder(work)}`)
    await rename(work, folder).catch(unlessThere)
    return { folder, metafile }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** A folder of that name has that content: another build was there before. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
}

async function hashFolder(folder: string): Promise<string> {
  const hash = createHash('sha256')
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).toSorted()) {
    hash
      .update(relative(folder, path))
      .update('\0')
      .update(await readFile(path))
  }
  return hash.digest('hex').slice(0, 16)
}
