// Finds a scratch server for the migrations, and reads what they produce on it.
import type { LedgerName, Platform } from '../config/config.ts'
import { hasCode } from '../error.ts'
import type { Migration } from '../ledger/folder.ts'
import { readStatements } from '../ledger/split-statements.ts'
import { withSnapshot } from '../postgres/client.ts'
import type { Scratch } from '../scratch/scratch.ts'
import { rolesMade } from './adapt-statement.ts'
import type { Catalog } from './catalog.ts'
import { extractCatalog } from './extract-catalog.ts'
import { extensionsOf, extensionsToMake } from './extensions-to-make.ts'
import { lends } from './lend-platform.ts'
import { detectPlatform } from './presets.ts'
import { lacksSomething, leansOnTransaction, replayMigrations, type ExtensionName } from './replay-baseline.ts'
import { withoutExtensionVersions } from './version-skew.ts'

export type ReplayRequest = {
  /** Major of the live server: text differs between majors. */
  major: number
  /** In the order in which they were applied. */
  migrations: readonly Migration[]
  /** Left out of the catalog. null: the usual ones. */
  ledger: LedgerName | null
  /** Roles of the live server. */
  roles: readonly string[]
  /** Extensions of the live database, for migrations that lean on one without making it. */
  extensions?: readonly ExtensionName[]
  /** How many of the migrations each deploy ran; without it, each is a deploy of its own as far as that works. */
  deploys?: readonly number[]
  /** Default: the one that the roles belong to. */
  platform?: Platform | 'none'
}

/** `missing`: names of extensions that the migrations make or may lean on, and the scratch server could not have. */
export type Replayed = { catalog: Catalog; missing: readonly string[] }

type Deps = { scratch: Scratch; signal?: AbortSignal | undefined }

/**
 * The catalog that the migrations produce on an empty server: of that major, unless only another has the extensions that they make.
 * Where a migration leans on something that none of them makes, it is tried again with the extensions of the live database, and with what
 * its hosting platform has in every database. Throws `scratch.*`.
 */
export async function replayOnScratch(deps: Deps, what: ReplayRequest): Promise<Replayed> {
  const made = await extensionsOf(what.migrations)
  try {
    return await replayWith(deps, what, made, { extensions: [], platform: null })
  } catch (error) {
    if (!lacksSomething(error)) throw error
    const extensions = await extensionsToMake(what.extensions ?? [], what.migrations)
    const { platform = detectPlatform(what.roles) } = what
    const lender = lends(platform) ? platform : null
    if (extensions.length === 0 && lender === null) throw error
    return await replayWith(deps, what, made, { extensions, platform: lender })
  }
}

async function rolesOf(migrations: readonly Migration[]): Promise<string[]> {
  return (await Promise.all(migrations.map(readStatements))).flat().flatMap(rolesMade)
}

/** As deployed, where that is said; else each migration by itself, and where one leans on what another did in the same transaction, all in one. */
async function replayWith(
  { scratch, signal }: Deps,
  { major, migrations, ledger, roles, deploys: told }: ReplayRequest,
  made: ReadonlySet<string>,
  given: { extensions: readonly ExtensionName[]; platform: Platform | null },
): Promise<Replayed> {
  const during = 'reading the baseline'
  const replayIn = async (deploys: readonly number[] | undefined) =>
    await scratch.withDatabase(
      major,
      async (target, { road, missing }) => {
        const extensions = given.extensions.filter(({ name }) => !missing.includes(name))
        // Where the server outlives the replay, every role of the migrations is made by us, so that it is dropped again.
        const known = road === 'named' ? [...new Set([...roles, ...(await rolesOf(migrations))])] : roles
        const how = { ...given, roles: known, extensions, missing, ledger, deploys, signal }
        await replayMigrations(target, migrations, how)
        const catalog = await withSnapshot(target, during, (client) => extractCatalog(client, { ledger }), { signal })
        return { catalog: road === 'embedded' ? catalog : withoutExtensionVersions(catalog), missing }
      },
      { extensions: [...made, ...given.extensions.map(({ name }) => name)] },
    )
  try {
    return await replayIn(told)
  } catch (error) {
    if (!leansOnTransaction(error)) throw error
    try {
      return await replayIn([migrations.length])
    } catch (second) {
      throw hasCode(second, 'scratch.replay') ? error : second
    }
  }
}
