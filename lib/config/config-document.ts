// The configuration as a document that may be seen by anyone: what deploy time hands to run time. Secrets go by reference.
import { z } from 'zod'
import { archivePolicy } from './archive-policy.ts'
import type { Config } from './config.ts'
import { ConfigError, type ConfigFault } from './config-error.ts'
import { iamDocument } from './iam-login.ts'
import { fleetDocument, secretsOfFleet } from './fleet-document.ts'
import { ignoreRule, platform, roleNames, severityRule } from './rule-schema.ts'

const reference = z.strictObject({ kind: z.enum(['secrets-manager', 'parameter']), id: z.string().min(1) })

const at = z.strictObject({
  host: z.string(),
  port: z.number().optional(),
  database: z.string().optional(),
})

const documentSchema = z.strictObject({
  project: z.string(),
  migrations: z.string(),
  ledger: z.strictObject({ schema: z.string(), table: z.string() }).nullable(),
  environments: z.array(
    z.strictObject({
      name: z.string(),
      url: reference,
      backupUrl: reference.exactOptional(),
      at: at.exactOptional(),
      iam: iamDocument.nullable().exactOptional(),
    }),
  ),
  store: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('directory'), path: z.string() }),
    z.strictObject({ kind: z.literal('s3'), bucket: z.string(), prefix: z.string() }),
  ]),
  slackWebhook: reference.nullable(),
  schema: z.strictObject({
    ignore: z.array(ignoreRule),
    severity: z.array(severityRule),
    platform: platform.exactOptional(),
    roles: roleNames.exactOptional(),
  }),
  archives: archivePolicy,
  identity: reference.nullable(),
  scratch: reference.nullable(),
  fleet: fleetDocument(reference).nullable(),
  dump: z.discriminatedUnion('engine', [
    z.strictObject({ engine: z.literal('wasm') }),
    z.strictObject({ engine: z.literal('native'), program: z.string().nullable() }),
  ]),
})

/** What is wrong with a secret that is not given by reference where it is deployed. */
export const WRITTEN_OUT = {
  problem: 'is a value, which would stand in the template for all to read',
  remedy: "put it into Secrets Manager and write { secret: 'its-name' }",
} as const

/** The part of a configuration that jobs need at run time. */
export type ConfigDocument = z.infer<typeof documentSchema>

/** The document as JSON. Throws {@link ConfigError} for every secret that is written out instead of referred to. */
export function serializeConfig(config: Config): string {
  const faults: ConfigFault[] = []
  const check = (place: string, kind: string | undefined): void => {
    if (kind !== 'value') return
    faults.push({ place, ...WRITTEN_OUT })
  }
  for (const { name, url, backupUrl } of config.environments) {
    check(`environments (${name})`, url.kind)
    check(`environments (${name}): backupUrl`, backupUrl?.kind)
  }
  check('slack.webhook', config.slackWebhook?.kind)
  check('archives.encryption.identity', config.identity?.kind)
  check('scratch.url', config.scratch?.kind)
  for (const { place, secret } of secretsOfFleet(config.fleet)) check(place, secret.kind)
  if (faults.length > 0) throw new ConfigError(faults)
  // What only deploy time and a terminal need stays behind.
  const { deploy: _deploy, metricsFile: _metricsFile, ...document } = config
  return JSON.stringify(documentSchema.parse(document))
}

/** Reads what {@link serializeConfig} wrote. Throws {@link ConfigError} when it is not that. */
export function deserializeConfig(text: string): ConfigDocument {
  const parsed = documentSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new ConfigError(
    parsed.error.issues.map((issue) => ({
      place: `RAINGAUGE_CONFIG: ${issue.path.join('.')}`,
      problem: issue.message,
      remedy: 'deploy the stack again: it writes this variable',
    })),
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new ConfigError([
      {
        place: 'RAINGAUGE_CONFIG',
        problem: `is not JSON: ${String(cause)}`,
        remedy: 'deploy the stack again: it writes this variable',
      },
    ])
  }
}
