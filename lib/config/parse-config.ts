// What a person wrote -> what the house works with. Parsed once, here; every fault is collected before any is thrown.
import { basename, resolve } from 'node:path'
import { parseDatabaseSecret } from '../postgres/database-secret.ts'
import { completeArchivePolicy } from './archive-policy.ts'
import type { Config, LedgerName, RaingaugeConfig, StoreLocation } from './config.ts'
import { ConfigError, type ConfigFault, type Report } from './config-error.ts'
import type { ConfigOrigin } from './config-origin.ts'
import { configSchema } from './config-schema.ts'
import { completeDeployment } from './deploy-config.ts'
import { completeFleet, FLEET } from './fleet-config.ts'
import { parseEnvironments } from './parse-environments.ts'
import { checkIdentity, checkWebhook, parseSecret } from './parse-secret.ts'
import { strangersIn } from './schedules.ts'
import { isSlug, slugify } from './slug.ts'

/** The configuration, complete and without fault. Throws {@link ConfigError} with every fault there is. */
export function parseConfig(input: unknown, origin: ConfigOrigin): Config {
  const faults: ConfigFault[] = []
  const report: Report = (place, problem, remedy) => {
    faults.push({ place: `${origin.source}: ${place}`, problem, remedy })
  }
  const shape = configSchema.safeParse(input)
  if (!shape.success) {
    for (const issue of shape.error.issues) {
      report(formatPath(issue.path), issue.message, 'see "Configuration" in the README for what belongs here')
    }
    throw new ConfigError(faults)
  }
  const config = build(shape.data, origin, report)
  if (faults.length > 0) throw new ConfigError(faults)
  return config
}

function build(written: RaingaugeConfig, origin: ConfigOrigin, report: Report): Config {
  const project = written.project ?? slugify(basename(origin.base))
  if (!isSlug(project)) {
    report('project', `${JSON.stringify(project)} is no project name`, 'use small letters, digits, - and _')
  }
  const store = parseStore(written.store ?? '.raingauge', origin.base, report)
  const webhook = written.slack?.webhook
  const identity = written.archives?.encryption?.identity
  return {
    project,
    migrations: resolve(origin.base, written.migrations ?? 'migrations'),
    ledger: written.ledger === undefined ? null : parseLedgerName(written.ledger, report),
    environments: parseEnvironments(written.environments, origin, report),
    store,
    slackWebhook: webhook === undefined ? null : parseSecret(webhook, 'slack.webhook', origin, report, checkWebhook),
    metricsFile: metricsFile(written, store, origin.base),
    schema: parseRules(written, report),
    archives: completeArchivePolicy(written.archives),
    identity:
      identity === undefined
        ? null
        : parseSecret(identity, 'archives.encryption.identity', origin, report, checkIdentity),
    dump: parseDump(written.dump),
    scratch:
      written.scratch === undefined
        ? null
        : parseSecret(written.scratch.url, 'scratch.url', origin, report, (text) => void parseDatabaseSecret(text)),
    fleet: parseFleet(written, origin, report),
    deploy: parseDeployment(written, report),
  }
}

function parseFleet({ fleet, environments }: RaingaugeConfig, origin: ConfigOrigin, report: Report): Config['fleet'] {
  if (fleet === undefined) return null
  if (environments.some(({ name }) => name === FLEET)) {
    report('environments', `${FLEET} is what the fleet is told as`, 'give the environment another name')
  }
  // The URL for all has holes in it until a database is known.
  return completeFleet(fleet, (source, place) => parseSecret(source, place, origin, report, () => {}))
}

function parseDump(written: RaingaugeConfig['dump']): Config['dump'] {
  if (written === undefined || written.engine === 'wasm') return { engine: 'wasm' }
  return { engine: 'native', program: written.program ?? null }
}

function parseRules({ schema, environments, fleet }: RaingaugeConfig, report: Report): Config['schema'] {
  const rules = { ...schema, ignore: schema?.ignore ?? [], severity: schema?.severity ?? [] }
  const names = [...environments.map(({ name }) => name), ...(fleet === undefined ? [] : [FLEET])]
  for (const list of ['ignore', 'severity'] as const) {
    for (const [index, { environment }] of rules[list].entries()) {
      if (environment === undefined || names.includes(environment)) continue
      const problem = `there is no environment ${JSON.stringify(environment)}`
      report(`schema.${list}[${index}].environment`, problem, `name one of ${names.join(', ')}`)
    }
  }
  return rules
}

function parseLedgerName(text: string, report: Report): LedgerName | null {
  const [schema, table, ...rest] = text.split('.')
  if (schema && table && rest.length === 0) return { schema, table }
  report('ledger', `${JSON.stringify(text)} is no ledger`, 'write schema.table, such as drizzle.__drizzle_migrations')
  return null
}

function parseStore(text: string, base: string, report: Report): StoreLocation {
  if (!text.includes('://')) return { kind: 'directory', path: resolve(base, text) }
  const { protocol, hostname, pathname } = URL.canParse(text)
    ? new URL(text)
    : { protocol: '', hostname: '', pathname: '' }
  if (protocol !== 's3:' || hostname === '') {
    report('store', `${JSON.stringify(text)} is no store`, 'write a folder, or s3://bucket/prefix')
  }
  return { kind: 's3', bucket: hostname, prefix: pathname.replaceAll(/^\/+|\/+$/g, '') }
}

function metricsFile(written: RaingaugeConfig, store: StoreLocation, base: string): string | null {
  if (written.metrics !== undefined) return resolve(base, written.metrics.file)
  return store.kind === 'directory' ? resolve(store.path, 'metrics.prom') : null
}

function parseDeployment({ deploy = {}, environments }: RaingaugeConfig, report: Report): Config['deploy'] {
  const names = environments.map(({ name }) => name)
  for (const { place, environment } of strangersIn(deploy.schedules ?? {}, names)) {
    report(place, `there is no environment ${JSON.stringify(environment)}`, `name one of ${names.join(', ')}`)
  }
  return completeDeployment(deploy, names)
}

function formatPath(path: PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return text === '' ? 'the configuration' : text.replace(/^\./, '')
}
