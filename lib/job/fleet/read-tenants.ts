// The list of a fleet's databases, from where the configuration says.
import type { Fleet, FleetList } from '../../config/fleet-config.ts'
import { RaingaugeError } from '../../error.ts'
import { parseJson } from '../../parse-json.ts'
import { withSnapshot } from '../../postgres/client.ts'
import { fleetKey } from '../../store/keys.ts'
import type { JobContext } from '../context.ts'
import { readSecret, readTarget, type Edge } from '../open-context.ts'
import { parseLines, parseTenants, type Tenant } from './tenant.ts'

/** More are several fleets. */
const MOST = 100_000

/**
 * Reads the list. Throws `fleet.list` where it names no database, since nobody has a fleet of none, or too many; else what the place throws that it
 * comes from. A query sees no more than `search_path = ''` lets it: it names its schema.
 */
export async function readTenants(
  { list }: Pick<Fleet, 'list'>,
  context: Pick<JobContext, 'store' | 'project' | 'signal'>,
  edge: Edge,
): Promise<Tenant[]> {
  const rows = await readRows(list, context, edge)
  if (rows.length > 0 && rows.length <= MOST) return parseTenants(rows)
  throw new RaingaugeError('fleet.list', `the list of the fleet names ${rows.length} databases`, {
    remedy:
      rows.length === 0
        ? 'see what fleet.databases reads, and with which rights'
        : `make several fleets of at most ${MOST}`,
  })
}

async function readRows(
  list: FleetList,
  { store, project, signal }: Pick<JobContext, 'store' | 'project' | 'signal'>,
  edge: Edge,
): Promise<unknown[]> {
  switch (list.kind) {
    case 'query': {
      const target = await readTarget({ name: 'the list of the fleet', url: list.url }, edge)
      const during = 'reading the list of the fleet'
      return await withSnapshot(target, during, async (client) => (await client.query(list.query)).rows, { signal })
    }
    case 'file': {
      const key = fleetKey(project, list.file)
      const stored = await store.get(key)
      if (stored !== null) return parseLines(stored.body.toString('utf8'), parseJson)
      throw new RaingaugeError('fleet.list', `the list of the fleet is not at ${store.locate(key)}`, {
        remedy: 'put JSON lines there, such as {"name":"acme","database":"tenant_17"}',
      })
    }
    case 'parameter':
      return parseLines((await readSecret(list.lines, edge)).reveal(), parseJson)
    default:
      return list satisfies never
  }
}
