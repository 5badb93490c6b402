// The catalog that a list of migrations must produce: replayed once, then kept in the store.
import { createHash } from 'node:crypto'
import { hasCode } from '../error.ts'
import type { Scratch } from '../scratch/scratch.ts'
import { baselineKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { encodeCatalog, openCatalog, type Catalog, type StoredCatalog } from './catalog.ts'
import { EXTRACTOR_VERSION } from './extract-catalog.ts'
import { replayOnScratch } from './replay-on-scratch.ts'
import type { ReplayRequest } from './replay-request.ts'

/** All that a baseline depends on. */
export type BaselineRequest = ReplayRequest

/**
 * The catalog that the migrations produce on an empty server of that major: from the store where it was made before, else by a replay
 * that is then stored. A stored one that cannot be read is replaced. Where the stored one has the fingerprint of `known`, every compared
 * fact is the same, and `known` itself comes back: nothing is decoded, and nothing need be compared. Throws `scratch.*`, and `store.*`
 * where the store fails.
 */
export async function readBaseline(
  deps: Deps,
  what: BaselineRequest,
  known?: { catalog: Catalog; fingerprint: string },
): Promise<Catalog> {
  const key = baselineKey(baselineHash(what))
  const sought = SOUGHT.get(deps.scratch) ?? new Map<string, Promise<StoredCatalog>>()
  SOUGHT.set(deps.scratch, sought)
  const search = sought.get(key) ?? findOrMake(deps, what, key).finally(() => sought.delete(key))
  sought.set(key, search)
  const baseline = await search
  if (known !== undefined && baseline.fingerprint === known.fingerprint) return known.catalog
  return orNull(baseline.decode) ?? (await make(deps, what, key))
}

/** What is being found or made right now, by key: environments of one run that need the same baseline wait for one replay. */
const SOUGHT = new WeakMap<Scratch, Map<string, Promise<StoredCatalog>>>()

type Deps = { scratch: Scratch; store: Store; signal?: AbortSignal | undefined }

async function findOrMake(deps: Deps, what: BaselineRequest, key: string): Promise<StoredCatalog> {
  const stored = await deps.store.get(key)
  const kept = stored === null ? null : orNull(() => openCatalog(stored.body))
  if (kept !== null) return kept
  const catalog = await make(deps, what, key)
  return { fingerprint: undefined, decode: () => catalog }
}

async function make(deps: Deps, what: BaselineRequest, key: string): Promise<Catalog> {
  const catalog = await replayOnScratch(deps, what)
  // A server that can have what was missing may be there next time.
  if (catalog.lacking === undefined) await deps.store.put(key, encodeCatalog(catalog))
  return catalog
}

/** Count up when the same migrations are replayed to another end: what is stored was made the old way. */
const REPLAY = 5

/** SHA-256, in hexadecimal, over all that a baseline depends on; whatever a request is given, it depends on. */
export function baselineHash({ migrations, roles, extensions, ...others }: BaselineRequest): string {
  const sorted = {
    ...others,
    migrations: migrations.map(({ tag, hash }) => [tag, hash]),
    roles: roles.toSorted(),
    extensions: extensions?.map(({ name, schema }) => `${name} ${schema}`).toSorted(),
  }
  const given = Object.entries(sorted).filter(([, value]) => value !== undefined)
  const entries = given.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([EXTRACTOR_VERSION, REPLAY, entries]))
    .digest('hex')
}

/** What is stored is only a copy of what a replay finds again: null where it is damaged. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (hasCode(error, 'store.corrupt')) return null
    throw error
  }
}
