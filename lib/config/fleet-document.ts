// The fleet as it stands in the document that deploy time hands to run time.
import { z } from 'zod'
import type { SecretReference } from './config.ts'
import type { Fleet } from './fleet-config.ts'
import { iamDocument } from './iam-login.ts'

/** `reference`: the schema of a secret that is referred to. */
export function fleetDocument<Reference extends z.ZodType<SecretReference>>(reference: Reference) {
  return z.strictObject({
    list: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('query'), query: z.string(), url: reference }),
      z.strictObject({ kind: z.literal('file'), file: z.string() }),
      z.strictObject({ kind: z.literal('parameter'), lines: reference }),
    ]),
    url: reference.nullable(),
    iam: iamDocument.nullable().exactOptional(),
    secrets: z.string().nullable(),
    atOnce: z.int(),
    perServer: z.int(),
    schedule: z.string(),
  })
}

/** The secrets that a fleet names, each with its place in the configuration. */
export function secretsOfFleet(fleet: Fleet | null): { place: string; secret: SecretReference }[] {
  if (fleet === null) return []
  const { list } = fleet
  return [
    ...(list.kind === 'query' ? [{ place: 'fleet.databases.url', secret: list.url }] : []),
    ...(list.kind === 'parameter' ? [{ place: 'fleet.databases.parameter', secret: list.lines }] : []),
    ...(fleet.url === null ? [] : [{ place: 'fleet.url', secret: fleet.url }]),
  ]
}
