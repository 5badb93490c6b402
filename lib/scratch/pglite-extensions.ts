// The extensions that PGlite can have here: contrib of its own package, and packages @electric-sql/pglite-… that npm installed.
import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Extension } from '@electric-sql/pglite'

const here = createRequire(import.meta.url)

/** Postgres's name of an extension whose package or archive goes by another. */
const PACKAGES: Readonly<Record<string, string>> = { vector: 'pgvector' }

/** What CASCADE makes along: PGlite has only what it was started with. */
const NEEDS: Readonly<Record<string, readonly string[]>> = { earthdistance: ['cube'] }

/** Part of every server. */
const BUILT_IN = 'plpgsql'

/** Those of the extensions that PGlite can have on this machine. Reads the disk, starts nothing. */
export function pgliteExtensions(names: readonly string[]): Set<string> {
  return new Set(names.filter((name) => name === BUILT_IN || moduleOf(name) !== undefined))
}

/** The extensions for `PGlite.create`. Throws for one that {@link pgliteExtensions} does not know. */
export async function loadPGliteExtensions(names: readonly string[]): Promise<Record<string, Extension>> {
  const loaded: Record<string, Extension> = {}
  for (const name of new Set(names.flatMap((each) => [each, ...(NEEDS[each] ?? [])]))) {
    if (name === BUILT_IN) continue
    const exported = exportOf(name)
    const module = (await import(moduleOf(name) ?? name)) as Record<string, Extension | undefined>
    const extension = module[exported]
    if (extension === undefined) throw new Error(`PGlite's module for ${name} does not export ${exported}`)
    loaded[exported] = extension
  }
  return loaded
}

/** The specifier to import; undefined: there is none. */
function moduleOf(name: string): string | undefined {
  if (!/^[a-z][\w-]*$/.test(name)) return undefined
  const contrib = `@electric-sql/pglite/contrib/${exportOf(name)}`
  return [contrib, `@electric-sql/pglite-${PACKAGES[name] ?? name}`].find((each) => bringsArchive(each, name))
}

function exportOf(name: string): string {
  return name.replaceAll('-', '_')
}

/** An extension's module lies beside its archive, or one folder below: the packages that are tools have none. */
function bringsArchive(specifier: string, name: string): boolean {
  try {
    const folder = dirname(here.resolve(specifier))
    return [folder, dirname(folder)].some((each) => existsSync(join(each, `${name}.tar.gz`)))
  } catch {
    // Not installed: the extension is to be had elsewhere, or the caller hears why not.
    return false
  }
}
