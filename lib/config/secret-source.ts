import { z } from 'zod'

/** A secret as a person writes it: itself, the name of an environment variable, or the name or ARN of a Secrets Manager secret. */
export type SecretSource = string | { env: string } | { secret: string }

const text = z.string().min(1)

export const secretSource: z.ZodType<SecretSource> = z.union(
  [text, z.strictObject({ env: text }), z.strictObject({ secret: text })],
  { error: "must be a string, { env: 'NAME' } or { secret: 'name-or-arn' }" },
)
