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
  host: z.string().min(1).optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  username: z.string({ error: 'is missing' }).min(1),
  password: z.string().optional(),
  dbname: z.string().min(1).optional(),
  sslmode: z.enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full']).default('verify-full'),
})

/** Where a database is, for a secret that does not say it. */
export type Place = { host: string; port?: number | undefined; database?: string | undefined }

/** Reads `host`, `host:port` or `host:port/database`. Throws `config.invalid`. */
export function parsePlace(text: string): Place {
  const url = URL.canParse(`postgres://${text}`) ? new URL(`postgres://${text}`) : undefined
  if (url === undefined || url.hostname === '' || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new RaingaugeError('config.invalid', `${JSON.stringify(text)} is no place of a database`, {
      remedy: 'write host:5432/database, without user, password or parameters',
    })
  }
  const database = decodeURIComponent(url.pathname.slice(1))
  return {
    host: url.hostname,
    port: url.port === '' ? undefined : Number(url.port),
    database: database === '' ? undefined : database,
  }
}

/**
 * The way in that a secret holds. JSON says nothing of TLS, and is what RDS writes, whose servers all have it: they are held to their
 * certificate, unless a key `sslmode` is added. `at` is for what it does not say: RDS writes a user and a password alone into the secret
 * that it manages. Throws `config.invalid`, which never repeats the secret.
 */
export function parseDatabaseSecret(text: string, at?: Place): Target {
  if (!text.trimStart().startsWith('{')) return parseTarget(text)
  const parsed = SHAPE.safeParse(parseJson(text))
  if (!parsed.success) throw invalid(parsed.error.issues[0])
  const { username, password, sslmode, host = at?.host } = parsed.data
  if (host === undefined) throw invalid({ path: ['host'], message: 'is missing' })
  return {
    host,
    port: parsed.data.port ?? at?.port ?? 5432,
    database: parsed.data.dbname ?? at?.database ?? 'postgres',
    user: username,
    password: password === undefined || password === '' ? undefined : new Secret(password),
    sslMode: sslmode,
    sslRootCert: undefined,
  }
}

function invalid(issue: { path: PropertyKey[]; message: string } | undefined): RaingaugeError {
  const key = issue?.path.join('.') ?? ''
  const what = key === '' ? 'is no JSON object' : `has a wrong ${JSON.stringify(key)}: ${issue?.message}`
  return new RaingaugeError('config.invalid', `the JSON of the database ${what}`, {
    remedy:
      key === 'host'
        ? "RDS writes none into the secret that it manages: write at: 'host:5432/database' beside the secret"
        : 'write {"host":"…","port":5432,"dbname":"…","username":"…","password":"…"}, or a URL',
  })
}
