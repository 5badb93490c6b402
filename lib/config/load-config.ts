// Finds the configuration: flags over a file over environment variables. The only file of the room that reads the disk.
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf } from '../error.ts'
import type { Config, RaingaugeConfig } from './config.ts'
import { ConfigError } from './config-error.ts'
import { parseConfig } from './parse-config.ts'

export type ConfigRequest = {
  /** Folder to start from. */
  cwd: string
  /** Environment variables. */
  variables: Readonly<Record<string, string | undefined>>
  configFile?: string | undefined
  migrations?: string | undefined
  /** `NAME=URL`, in promotion order. */
  env?: string[] | undefined
  ledger?: string | undefined
  store?: string | undefined
}

/** The second is a module also where the package of the folder is CommonJS. */
const DEFAULT_FILES = ['raingauge.config.ts', 'raingauge.config.mts']

/**
 * The configuration that applies, or null when no database is configured at all. Throws {@link ConfigError} with every fault.
 * Environment variables: DATABASE_URL_STAGING and DATABASE_URL_PROD (in that order), DATABASE_URL_SCRATCH, SLACK_WEBHOOK_URL.
 */
export async function loadConfig(request: ConfigRequest): Promise<Config | null> {
  const file = findFile(request)
  const base = file === null ? request.cwd : dirname(file)
  const written = file === null ? fromVariables(request.variables) : await readFile(file)
  const merged = isRecord(written) ? { ...written, ...fromFlags(request) } : written
  const source = file ?? (request.env === undefined ? 'environment variables' : 'flags')
  if (isRecord(merged)) {
    if (file === null && merged['environments'] === undefined) {
      if (request.migrations === undefined && request.ledger === undefined) return null
      throw noEnvironment()
    }
    if (merged['slack'] === undefined && request.variables['SLACK_WEBHOOK_URL']) {
      merged['slack'] = { webhook: { env: 'SLACK_WEBHOOK_URL' } }
    }
    if (merged['scratch'] === undefined && request.variables['DATABASE_URL_SCRATCH']) {
      merged['scratch'] = { url: { env: 'DATABASE_URL_SCRATCH' } }
    }
  }
  return parseConfig(merged, { source, base, variables: request.variables })
}

function findFile(request: ConfigRequest): string | null {
  if (request.configFile === undefined) {
    if (request.env !== undefined) return null
    return DEFAULT_FILES.map((name) => resolve(request.cwd, name)).find((usual) => existsSync(usual)) ?? null
  }
  const file = resolve(request.cwd, request.configFile)
  if (existsSync(file)) return file
  throw new ConfigError([
    {
      place: '--config',
      problem: `there is no file ${file}`,
      remedy: 'name an existing file, or make one with raingauge init',
    },
  ])
}

async function readFile(file: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown }
    if (module.default !== undefined) return module.default
  } catch (cause) {
    const words = messageOf(cause)
    const remedy = readAsCommonJs(cause)
      ? 'rename it to raingauge.config.mts: the package.json of its folder makes it CommonJS'
      : 'mend the file'
    throw new ConfigError([{ place: file, problem: `cannot be loaded: ${words}`, remedy }])
  }
  throw new ConfigError([
    { place: file, problem: 'has no default export', remedy: 'write export default defineConfig({ … })' },
  ])
}

/** What Node says to `import` and `export` where a package is not `"type": "module"`. */
function readAsCommonJs(cause: unknown): boolean {
  return (
    cause instanceof SyntaxError && /import statement outside a module|Unexpected token 'export'/.test(cause.message)
  )
}

function fromVariables(variables: ConfigRequest['variables']): Partial<RaingaugeConfig> {
  const environments = (
    [
      ['staging', 'DATABASE_URL_STAGING'],
      ['production', 'DATABASE_URL_PROD'],
    ] as const
  ).flatMap(([name, variable]) => (variables[variable] ? [{ name, url: { env: variable } }] : []))
  return environments.length > 0 ? { environments } : {}
}

function fromFlags(request: ConfigRequest): Partial<RaingaugeConfig> {
  return {
    ...(request.migrations === undefined ? {} : { migrations: resolve(request.cwd, request.migrations) }),
    ...(request.ledger === undefined ? {} : { ledger: request.ledger }),
    ...(request.store === undefined
      ? {}
      : { store: request.store.includes('://') ? request.store : resolve(request.cwd, request.store) }),
    ...(request.env === undefined ? {} : { environments: request.env.map(parsePair) }),
  }
}

function parsePair(pair: string, index: number): { name: string; url: string } {
  const at = pair.indexOf('=')
  if (at > 0) return { name: pair.slice(0, at), url: pair.slice(at + 1) }
  // The pair may be a URL with a password in it: it is not repeated.
  throw new ConfigError([
    { place: `--env number ${index + 1}`, problem: 'is not NAME=URL', remedy: 'write --env staging=postgres://…' },
  ])
}

function noEnvironment(): ConfigError {
  return new ConfigError([
    {
      place: 'flags',
      problem: 'no database is named',
      remedy: 'add --env NAME=URL, or set DATABASE_URL_STAGING and DATABASE_URL_PROD',
    },
  ])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
