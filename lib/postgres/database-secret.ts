// The secret of a database, in the two forms in which they are kept: a URL, or the JSON that RDS and Secrets Manager write.
import { z } from 'zod'
import { RaingaugeError } from '../error.ts'
import { parseJson } from '../parse-json.ts'
import { Secret } from '../secret.ts'
import { parseTarget, type Target } from './target.ts'

/** Secrets Manager User Guide, "JSON structure of AWS Secrets Manager database credential secrets". */
const SHAPE = z.object({
  engine: z
    .string()
    .regex(/postgres/, 'is not of Postgres')
    .optional(),
  host: z.string({ error: 'is missing' }).min(1),
  port: z.coerce.number().int().default(5432),
  username: z.string({ error: 'is missing' }).min(1),
  password: z.string().optional(),
  dbname: z.string().min(1).optional(),
  sslmode: z.enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full']).default('verify-full'),
})

/**
 * The way in that a secret holds. JSON says nothing of TLS, and is what RDS writes, whose servers all have it: they are held to their
 * certificate, unless a key `sslmode` is added. Throws `config.invalid`, which never repeats the secret.
 */
export function parseDatabaseSecret(text: string): Target {
  if (!text.trimStart().startsWith('{')) return parseTarget(text)
  const parsed = SHAPE.safeParse(parseJson(text))
  if (!parsed.success) throw invalid(parsed.error.issues)
  const { host, port, username, password, dbname, sslmode } = parsed.data
  return {
    host,
    port,
    database: dbname ?? 'postgres',
    user: username,
    password: password === undefined || password === '' ? undefined : new Secret(password),
    sslMode: sslmode,
    sslRootCert: undefined,
  }
}

function invalid(issues: readonly z.core.$ZodIssue[]): RaingaugeError {
  const [issue] = issues
  const key = issue?.path.join('.') ?? ''
  const what = key === '' ? 'is no JSON object' : `has a wrong ${JSON.stringify(key)}: ${issue?.message}`
  return new RaingaugeError('config.invalid', `the JSON of the database ${what}`, {
    remedy:
      key === 'host'
        ? 'the secret that RDS manages has a user and a password alone: keep one beside it with host, port and dbname as well, or write a URL'
        : 'write {"host":"…","port":5432,"dbname":"…","username":"…","password":"…"}, or a URL',
  })
}
