// Finds a scratch server for the migrations, and reads what they produce on it.
import type { Platform } from '../config/config.ts'
import { hasCode } from '../error.ts'
import type { Migration } from '../ledger/folder.ts'
import { readStatements } from '../ledger/split-statements.ts'
import { withSnapshot } from '../postgres/client.ts'
import type { Scratch } from '../scratch/scratch.ts'
import type { Catalog } from './catalog.ts'
import { extractCatalog } from './extract-catalog.ts'
import { extensionsNamed, extensionsOf, extensionsToMake, isNoPart } from './extensions-to-make.ts'
import { lends } from './lend-platform.ts'
import { detectPlatform } from './presets.ts'
import { markMoments } from './of-the-moment.ts'
import { asksForRoles, rolesOf } from './roles-of-migrations.ts'
import { replayMigrations, type ExtensionName } from './replay-baseline.ts'
import type { ReplayRequest } from './replay-request.ts'
import { lacksSomething, leansOnTransaction } from './replay-error.ts'
import { withoutExtensionVersions } from './version-skew.ts'

type Deps = { scratch: Scratch; signal?: AbortSignal | undefined }

/**
 * The catalog that the migrations produce on an empty server: of that major, unless only another has the extensions that they make.
 * Where a migration leans on something that none of them makes, it is tried again with the extensions of the live database, and with what
 * its hosting platform has in every database. Throws `scratch.*`.
 */
export async function replayOnScratch(deps: Deps, what: ReplayRequest): Promise<Catalog> {
  const made = await extensionsOf(what.migrations)
  const live = new Set(what.extensions?.map(({ name }) => name) ?? made)
  const there = new Set([...made].filter((name) => live.has(name)))
  if (there.size < made.size) {
    try {
      return await replayLending(deps, what, there)
    } catch (error) {
      // Then it was there while the migrations ran: one of them, or somebody, took it away later.
      if (!hasCode(error, 'scratch.replay')) throw error
    }
  }
  return await replayLending(deps, what, made)
}

async function replayLending(deps: Deps, what: ReplayRequest, made: ReadonlySet<string>): Promise<Catalog> {
  const { platform = detectPlatform(what.roles) } = what
  const lender = lends(platform) ? platform : null
  if (what.lent) {
    const extensions = await extensionsNamed(what.extensions ?? [], what.migrations)
    return await replayWith(deps, what, made, { extensions, platform: lender })
  }
  try {
    return await replayWith(deps, what, made, { extensions: [], platform: null })
  } catch (error) {
    if (!lacksSomething(error)) throw error
    const extensions = await extensionsToMake(what.extensions ?? [], what.migrations)
    const tries = [
      ...(extensions.length === 0 && lender === null ? [] : [extensions]),
      // Those that migrations make too: where somebody made them before, they may be in another schema.
      ...(what.extensions?.some(({ name }) => made.has(name)) ? [what.extensions.filter(isNoPart)] : []),
    ]
    let failure: unknown = error
    for (const lent of tries) {
      try {
        return await replayWith(deps, what, made, { extensions: lent, platform: lender })
      } catch (again) {
        if (!lacksSomething(again)) throw again
        failure = again
      }
    }
    throw failure
  }
}

/** As deployed, where that is said; else each migration by itself, and where one leans on what another did in the same transaction, all in one. */
async function replayWith(
  { scratch, signal }: Deps,
  { major, migrations, ledger, roles, deploys: told, rolesBefore = false, ...session }: ReplayRequest,
  made: ReadonlySet<string>,
  given: { extensions: readonly ExtensionName[]; platform: Platform | null },
): Promise<Catalog> {
  const during = 'reading the baseline'
  const own = await rolesOf(migrations)
  const before = rolesBefore ? roles : roles.filter((role) => !own.includes(role))
  const alone = session.deployer !== undefined || (await asksForRoles(migrations))
  const replayIn = async (deploys: readonly number[] | undefined) =>
    await scratch.withDatabase(
      major,
      async (target, { road, missing }) => {
        const extensions = given.extensions.filter(({ name }) => !missing.includes(name))
        // Where the server outlives the replay, every role of the migrations is made by us, so that it is dropped again.
        const known = road === 'named' ? [...new Set([...roles, ...own])] : before
        // A role of the user's own may not become another.
        const deployer = road === 'named' ? undefined : session.deployer
        const { settings, schemas, withoutData } = session
        const how = {
          ...given,
          roles: known,
          extensions,
          missing,
          ledger,
          deploys,
          deployer,
          settings,
          schemas,
          withoutData,
          signal,
        }
        const time = await replayMigrations(target, migrations, how)
        const read = await withSnapshot(target, during, (client) => extractCatalog(client, { ledger }), { signal })
        const catalog = await markMoments(read, time, () => textsOf(migrations))
        const comparable = road === 'embedded' ? catalog : withoutExtensionVersions(catalog)
        return missing.length === 0 ? comparable : { ...comparable, lacking: missing }
      },
      { extensions: [...made, ...given.extensions.map(({ name }) => name)], alone },
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

async function textsOf(migrations: readonly Migration[]): Promise<string[]> {
  return (await Promise.all(migrations.map(readStatements))).flat()
}
