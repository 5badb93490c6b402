// The catalog that a list of migrations must produce: replayed once, then kept in the store.
import { createHash } from 'node:crypto'
import { hasCode } from '../error.ts'
import type { Scratch } from '../scratch/scratch.ts'
import { baselineKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { decodeCatalog, encodeCatalog, type Catalog } from './catalog.ts'
import { EXTRACTOR_VERSION } from './extract-catalog.ts'
import { replayOnScratch, type ReplayRequest } from './replay-on-scratch.ts'

/** All that a baseline depends on. */
export type BaselineRequest = ReplayRequest

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
  const { catalog, missing } = await replayOnScratch(deps, what)
  // A server that can have what was missing may be there next time.
  if (missing.length === 0) await deps.store.put(key, encodeCatalog(catalog))
  return catalog
}

/** Count up when the same migrations are replayed to another end: what is stored was made the old way. */
const REPLAY = 2

/** SHA-256, in hexadecimal, over all that a baseline depends on. */
export function baselineHash(request: BaselineRequest): string {
  const { major, migrations, ledger, roles, extensions = [], platform, deploys } = request
  const replayed = migrations.map(({ tag, hash }) => [tag, hash])
  const named = extensions.map(({ name, schema }) => `${name} ${schema}`).toSorted()
  return createHash('sha256')
    .update(
      JSON.stringify([EXTRACTOR_VERSION, REPLAY, major, replayed, ledger, roles.toSorted(), named, platform, deploys]),
    )
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
