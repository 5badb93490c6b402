// How long the extractor takes against a floor that reads the same facts with the least SQL, and the change token against the extractor.
import { withSnapshot } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import { readChangeToken } from '../lib/schema/change-token.ts'
import { extractCatalog } from '../lib/schema/extract-catalog.ts'
import { FLOOR } from './catalog-floor.ts'
import { compare, type Comparison } from './measure.ts'

async function extract(target: Target): Promise<unknown> {
  return await withSnapshot(target, 'bench', (client) => extractCatalog(client, { ledger: null }))
}

/** Connection included: what a check pays. */
export async function compareCatalogReads(target: Target, what: string, rounds: number): Promise<Comparison> {
  return await compare(
    `Catalog read, ${what}`,
    { name: 'raingauge extractCatalog', run: () => extract(target) },
    {
      name: 'floor: the same facts, least SQL',
      run: () => withSnapshot(target, 'bench', (client) => client.query(`SET LOCAL jit = off; ${FLOOR}`)),
    },
    rounds,
  )
}

/** What an unchanged database costs against one that is read whole. */
export async function compareToken(target: Target, what: string, rounds: number): Promise<Comparison> {
  return await compare(
    `Change token, ${what}`,
    { name: 'raingauge readChangeToken', run: () => withSnapshot(target, 'bench', readChangeToken) },
    { name: 'raingauge extractCatalog', run: () => extract(target) },
    rounds,
  )
}
