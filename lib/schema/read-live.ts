import type { LedgerName } from '../config/config.ts'
import type { Queryable } from '../postgres/client.ts'
import { majorOf, type Catalog } from './catalog.ts'
import { extractCatalog } from './extract-catalog.ts'
import type { ExtensionName } from './replay-baseline.ts'
import { ROLES } from './sql/roles.ts'

export type Live = {
  catalog: Catalog
  /** Roles that migrations may name, for the replay. */
  roles: string[]
  /** Extensions that migrations may lean on, for the replay. */
  extensions: ExtensionName[]
  major: number
  /** Such as `17.10`. */
  serverVersion: string
}

/** What a watched database holds, and what a replay must know of its server. Use it inside one `withSnapshot`. */
export async function readLive(client: Queryable, ledger: LedgerName | null): Promise<Live> {
  const [catalog, { rows }] = await Promise.all([
    extractCatalog(client, { ledger }),
    client.query<{ name: string }>(ROLES),
  ])
  return {
    catalog,
    roles: rows.map((row) => row.name),
    extensions: catalog.objects.flatMap(({ class: kind, path: [name], attributes: { schema } }) =>
      kind === 'extension' && name !== undefined && typeof schema === 'string' ? [{ name, schema }] : [],
    ),
    major: majorOf(catalog.serverVersion),
    serverVersion: catalog.serverVersion.split(' ')[0] ?? catalog.serverVersion,
  }
}
