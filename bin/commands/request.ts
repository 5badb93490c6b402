// What every command is given, and how it comes to a configuration.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config, SecretReference } from '../../lib/config/config.ts'
import { ConfigError } from '../../lib/config/config-error.ts'
import { secretsIn } from '../../lib/postgres/secrets-in.ts'
import { Secret } from '../../lib/secret.ts'
import type { Options } from '../command-line.ts'
import type { Terminal } from '../terminal.ts'

/** The world as the entry hands it in. */
export type World = {
  terminal: Terminal
  signal: AbortSignal
  cwd: string
  variables: Readonly<Record<string, string | undefined>>
}

export type Request = World & { arguments: string[]; options: Options }

/** The configuration, or null when no database is configured. What it holds of secrets is blacked out from here on. */
export async function readConfig(request: Request): Promise<Config | null> {
  const { options, terminal, cwd, variables } = request
  for (const pair of options.env ?? []) concealUrl(pair.slice(pair.indexOf('=') + 1), terminal)
  for (const [name, value] of Object.entries(variables)) {
    if (/^(?:DATABASE_URL|SLACK_WEBHOOK_URL|PGPASSWORD)/.test(name) && value) concealUrl(value, terminal)
  }
  // Loaded here, since a comparison of two databases has no configuration.
  const { loadConfig } = await import('../../lib/config/load-config.ts')
  const config = await loadConfig({
    cwd,
    variables,
    configFile: options.config,
    migrations: options.migrations,
    env: options.env,
    ledger: options.ledger,
    store: options.store,
  })
  const { environments = [], scratch, slackWebhook } = config ?? {}
  for (const source of [...environments.flatMap(({ url, backupUrl }) => [url, backupUrl]), scratch, slackWebhook]) {
    if (source?.kind === 'value') concealUrl(source.value.reveal(), terminal)
  }
  if (config?.identity?.kind === 'value') terminal.conceal(config.identity.value.reveal())
  const given = givenIdentity(request)
  return config === null || given === null ? config : { ...config, identity: given }
}

/** The key of `--identity`; null where there is none. */
export function givenIdentity({ options, terminal, cwd }: Request): SecretReference | null {
  if (options.identity === undefined) return null
  return { kind: 'value', value: readIdentity(resolve(cwd, options.identity), terminal) }
}

function readIdentity(path: string, terminal: Terminal): Secret {
  try {
    const text = readFileSync(path, 'utf8')
    for (const line of text.split('\n')) if (line.startsWith('AGE-SECRET-KEY-')) terminal.conceal(line.trim())
    return new Secret(text)
  } catch (cause) {
    throw new ConfigError([
      {
        place: '--identity',
        problem: `${path} cannot be read: ${String(cause)}`,
        remedy: 'name the file of age-keygen',
      },
    ])
  }
}

/** The configuration, for a command that cannot do without. */
export async function demandConfig(request: Request): Promise<Config> {
  const config = await readConfig(request)
  if (config !== null) return config
  throw new ConfigError([
    {
      place: 'configuration',
      problem: 'no database is configured',
      remedy:
        'set DATABASE_URL_STAGING and DATABASE_URL_PROD, add --env NAME=URL, or write a raingauge.config.ts (raingauge init)',
    },
  ])
}

/** For what tells nobody, so that it needs no webhook: whoever restores may not be able to read that. */
export function tellingNobody<C extends Pick<Config, 'slackWebhook'>>(config: C): C {
  return { ...config, slackWebhook: null }
}

/** Blacks a secret out whole, and the password in it wherever that may turn up alone. */
export function concealUrl(text: string, terminal: Terminal): void {
  for (const each of secretsIn(text)) terminal.conceal(each)
}
