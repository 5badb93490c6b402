// The way into one database of a fleet: its own, or the one that all share with its name put in.
import type { SecretReference } from '../../config/config.ts'
import type { Fleet } from '../../config/fleet-config.ts'
import { RaingaugeError } from '../../error.ts'
import type { Target } from '../../postgres/target.ts'
import { Secret } from '../../secret.ts'
import { readSecret, readTarget, type Edge } from '../open-context.ts'
import type { Tenant } from './tenant.ts'

/** Finds the way into a database. Throws `config.invalid`, and what fetching a secret throws; never names a URL. */
export function tenantReach(fleet: Fleet, edge: Edge): (tenant: Tenant) => Promise<Target> {
  // Fetched once for all.
  let shared: Promise<string> | undefined
  const reach = (name: string, url: SecretReference): Promise<Target> =>
    readTarget({ name, url, iam: fleet.iam ?? null }, edge)
  return async (tenant) => {
    if (tenant.fault !== undefined)
      throw new RaingaugeError('config.invalid', tenant.fault, { remedy: 'mend the list' })
    const name = `${JSON.stringify(tenant.name)} of the fleet`
    if (tenant.secret !== undefined) {
      checkSecret(tenant.secret, fleet)
      return await reach(name, { kind: 'secrets-manager', id: tenant.secret })
    }
    if (tenant.url !== undefined) return await reach(name, valueOf(tenant.url))
    if (fleet.url === null) {
      throw new RaingaugeError('config.invalid', 'its row says no way in, and the fleet has none for all', {
        remedy: 'give rows a url or a secret, or write fleet.url',
      })
    }
    shared ??= readSecret(fleet.url, edge).then((secret) => secret.reveal())
    return await reach(name, valueOf(fillIn(await shared, tenant)))
  }
}

/** `{database}` and `{server}`, percent-encoded as a URL wants them; a server may bring its port. */
export function fillIn(template: string, { database, server }: Pick<Tenant, 'database' | 'server'>): string {
  if (!template.includes('{database}')) {
    throw new RaingaugeError(
      'config.invalid',
      'fleet.url has no {database} in it: every look would be at the same one',
      {
        remedy: 'write postgres://USER:PASSWORD@HOST/{database}',
      },
    )
  }
  if (template.includes('{server}') && server === '') {
    throw new RaingaugeError('config.invalid', 'fleet.url wants a {server}, and the row has none', {
      remedy: 'give the rows of the list a column server',
    })
  }
  if (!/^[\w.-]*(?:%2F[\w.-]*)*(?::\d+)?$/.test(server)) {
    throw new RaingaugeError('config.invalid', 'its server is no host name', { remedy: 'write host or host:port' })
  }
  return template.replaceAll('{server}', server).replaceAll('{database}', encodeURIComponent(database))
}

function valueOf(url: string): SecretReference {
  return { kind: 'value', value: new Secret(url) }
}

function checkSecret(id: string, { secrets }: Fleet): void {
  if (secrets !== null && id.startsWith(secrets)) return
  throw new RaingaugeError('config.invalid', 'its secret is not one that the fleet may read', {
    remedy: 'write into fleet.secrets what the names of the secrets begin with',
  })
}
