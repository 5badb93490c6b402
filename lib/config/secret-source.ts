import { z } from 'zod'

/**
 * A secret as a person writes it: itself, the name of an environment variable, the name or ARN of a Secrets Manager secret, or that of a
 * SecureString in the Parameter Store of Systems Manager.
 */
export type SecretSource = string | { env: string } | { secret: string } | { parameter: string }

const text = z.string().min(1)

export const secretSource: z.ZodType<SecretSource> = z.union(
  [text, z.strictObject({ env: text }), z.strictObject({ secret: text }), z.strictObject({ parameter: text })],
  { error: "must be a string, { env: 'NAME' }, { secret: 'name-or-arn' } or { parameter: 'name-or-arn' }" },
)
