// The shape of what a person writes, as zod: the types of config.ts, with words for whoever gets one wrong.
import { z } from 'zod'
import { archiveConfig } from './archive-policy.ts'
import type { RaingaugeConfig } from './config.ts'
import { deployConfig } from './deploy-config.ts'
import { fleetConfig } from './fleet-config.ts'
import { iamConfig } from './iam-login.ts'
import { ignoreRule, platform, roleNames, severityRule } from './rule-schema.ts'
import { secretSource } from './secret-source.ts'

const text = z.string().min(1)

export const configSchema: z.ZodType<RaingaugeConfig> = z.strictObject({
  project: text.optional(),
  migrations: text.optional(),
  ledger: text.optional(),
  environments: z
    .array(
      z.strictObject({
        name: text,
        url: secretSource,
        backupUrl: secretSource.exactOptional(),
        at: text.exactOptional(),
        iam: iamConfig.exactOptional(),
      }),
    )
    .min(1, 'names no environment'),
  store: text.optional(),
  slack: z.strictObject({ webhook: secretSource }).optional(),
  metrics: z.strictObject({ file: text }).optional(),
  schema: z
    .strictObject({
      ignore: z.array(ignoreRule).optional(),
      severity: z.array(severityRule).optional(),
      platform: platform.exactOptional(),
      roles: roleNames.exactOptional(),
    })
    .optional(),
  archives: archiveConfig.optional(),
  scratch: z.strictObject({ url: secretSource }).optional(),
  dump: z
    .strictObject({
      engine: z.enum(['wasm', 'native']),
      program: text.startsWith('/', 'must be an absolute path').exactOptional(),
    })
    .optional(),
  fleet: fleetConfig.optional(),
  deploy: deployConfig.optional(),
})
