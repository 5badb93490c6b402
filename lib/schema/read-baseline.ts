// The catalog that a list of migrations must produce: replayed once, then kept in the store.
import { createHash } from 'node:crypto'
import type { LedgerName } from '../config/config.ts'
import { hasCode } from '../error.ts'
import type { Migration } from '../ledger/folder.ts'
import { withSnapshot } from '../postgres/client.ts'
import type { Scratch } from '../scratch/scratch.ts'
import { baselineKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { decodeCatalog, encodeCatalog, type Catalog } from './catalog.ts'
import { EXTRACTOR_VERSION, extractCatalog } from './extract-catalog.ts'
import { extensionsToMake } from './extensions-to-make.ts'
import { lacksSomething, leansOnTransaction, replayMigrations, type ExtensionName } from './replay-baseline.ts'

export type BaselineRequest = {
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
}

/**
 * The catalog that the migrations produce on an empty server of that major: from the store where it was made before, else by a replay
 * that is then stored. A stored one that cannot be read is replaced. Throws `scratch.*`, and `store.*` where the store fails.
 */
export async function readBaseline(
  deps: { scratch: Scratch; store: Store; signal?: AbortSignal | undefined },
  what: BaselineRequest,
): Promise<Catalog> {
  const key = baselineKey(baselineHash(what))
  const sought = SOUGHT.get(deps.scratch) ?? new Map<string, Promise<Catalog>>()
  SOUGHT.set(deps.scratch, sought)
  const baseline = sought.get(key) ?? findOrMake(deps, what, key).finally(() => sought.delete(key))
  sought.set(key, baseline)
  return await baseline
}

/** What is being found or made right now, by key: environments of one run that need the same baseline wait for one replay. */
const SOUGHT = new WeakMap<Scratch, Map<string, Promise<Catalog>>>()

async function findOrMake(
  deps: { scratch: Scratch; store: Store; signal?: AbortSignal | undefined },
  what: BaselineRequest,
  key: string,
): Promise<Catalog> {
  const known = await readStored(deps.store, key)
  if (known !== null) return known
  const baseline = await replay(deps, what)
  await deps.store.put(key, encodeCatalog(baseline))
  return baseline
}

/** Count up when the same migrations are replayed to another end: what is stored was made the old way. */
const REPLAY = 2

/** SHA-256, in hexadecimal, over all that a baseline depends on. */
export function baselineHash({ major, migrations, ledger, roles, extensions = [] }: BaselineRequest): string {
  const replayed = migrations.map(({ tag, hash }) => [tag, hash])
  const named = extensions.map(({ name, schema }) => `${name} ${schema}`).toSorted()
  return createHash('sha256')
    .update(JSON.stringify([EXTRACTOR_VERSION, REPLAY, major, replayed, ledger, roles.toSorted(), named]))
    .digest('hex')
}

async function readStored(store: Store, key: string): Promise<Catalog | null> {
  const stored = await store.get(key)
  if (stored === null) return null
  try {
    return decodeCatalog(stored.body)
  } catch (error) {
    // Only a copy of what a replay finds again.
    if (hasCode(error, 'store.corrupt')) return null
    throw error
  }
}

async function replay(
  deps: { scratch: Scratch; signal?: AbortSignal | undefined },
  what: BaselineRequest,
): Promise<Catalog> {
  try {
    return await replayWith(deps, what, [])
  } catch (error) {
    if (!lacksSomething(error)) throw error
    const extensions = await extensionsToMake(what.extensions ?? [], what.migrations)
    if (extensions.length === 0) throw error
    return await replayWith(deps, what, extensions)
  }
}

/** Each migration by itself; where one leans on what another did in the same transaction, all in one. */
async function replayWith(
  { scratch, signal }: { scratch: Scratch; signal?: AbortSignal | undefined },
  { major, migrations, ledger, roles }: BaselineRequest,
  extensions: readonly ExtensionName[],
): Promise<Catalog> {
  const replayIn = async (together: boolean) =>
    await scratch.withDatabase(major, async (target) => {
      await replayMigrations(target, migrations, { roles, extensions, ledger, together, signal })
      return await withSnapshot(target, 'reading the baseline', (client) => extractCatalog(client, { ledger }), {
        signal,
      })
    })
  try {
    return await replayIn(false)
  } catch (error) {
    if (!leansOnTransaction(error)) throw error
    try {
      return await replayIn(true)
    } catch (second) {
      throw hasCode(second, 'scratch.replay') ? error : second
    }
  }
}
