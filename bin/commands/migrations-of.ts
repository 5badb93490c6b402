// Where a project keeps its migrations, as far as its files tell.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** As drizzle-kit looks for them. */
const DRIZZLE_CONFIGS = ['ts', 'js', 'mts', 'mjs', 'json'].map((ending) => `drizzle.config.${ending}`)
const OUT = /^\s*["']?out["']?\s*:\s*["'`](?<folder>[^"'`$]+)["'`]/m

/** What drizzle-kit writes to where nobody says so. */
const KIT_DEFAULT = './drizzle'

/** The folder, relative to `cwd`, as people write it: `out` of drizzle.config.ts, else drizzle-kit's own where that is there, else `./migrations`. */
export function migrationsOf(cwd: string): string {
  const config = DRIZZLE_CONFIGS.map((name) => join(cwd, name)).find((file) => existsSync(file))
  if (config !== undefined) return OUT.exec(readFileSync(config, 'utf8'))?.groups?.['folder'] ?? KIT_DEFAULT
  return existsSync(join(cwd, KIT_DEFAULT)) ? KIT_DEFAULT : './migrations'
}
