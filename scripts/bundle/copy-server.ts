import { existsSync, readFileSync } from 'node:fs'
import { cp, lstat, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** What only building against the server needs, or its documentation. */
const LEFT_OUT = new Set(['include', 'pkgconfig', 'pgxs', 'man', 'doc'])

/**
 * Copies the programs of a server package to `folder`, with no symbolic link in it: cdk follows links when it zips, and would carry every
 * library three times (60 MB become 95). A library keeps the one name that programs ask the loader for, its soname `lib….so.N`, which
 * the package's own list of links gives. So it does not matter either whether npm was let run the script that makes the links.
 */
export async function copyServer(packageFolder: string, folder: string): Promise<void> {
  const native = join(packageFolder, 'native')
  await cp(native, folder, {
    recursive: true,
    filter: async (source) =>
      !LEFT_OUT.has(basename(source)) && !source.endsWith('.a') && !(await lstat(source)).isSymbolicLink(),
  })
  for (const [file, soname] of sonames(native)) await rename(join(folder, file), join(folder, soname))
  await rm(join(folder, 'pg-symlinks.json'), { force: true })
}

function sonames(native: string): [string, string][] {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  return links
    .filter(({ target }) => /\.so\.\d+$/.test(target))
    .map(({ source, target }) => [source.replace(/^native\//, ''), target.replace(/^native\//, '')])
}
