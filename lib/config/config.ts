// The one configuration: what a person writes (RaingaugeConfig) and what the house works with (Config).
import type { IamConfig, IamLogin } from './iam-login.ts'
import type { Severity } from '../finding.ts'
import type { Place } from '../postgres/database-secret.ts'
import type { Secret } from '../secret.ts'
import type { ArchiveConfig, ArchivePolicy } from './archive-policy.ts'
import type { DeployConfig, Deployment } from './deploy-config.ts'
import type { Fleet, FleetConfig } from './fleet-config.ts'
import type { SecretSource } from './secret-source.ts'

/** What `raingauge.config.ts` exports. Relative paths start at the configuration file. */
export type RaingaugeConfig = {
  /** Names the project in archives, state and metrics: small letters, digits, `-` and `_`. Default: the folder's name. */
  project?: string
  /** The committed migrations. Default: `migrations`. */
  migrations?: string
  /** The ledger, as `schema.table`. Default: looked for, `public._drizzle_migrations` before `__drizzle_migrations` in drizzle or public. */
  ledger?: string
  /** In promotion order: each is compared with the one before it. */
  environments: {
    name: string
    url: SecretSource
    /** Where the database is, as `host:5432/database`, for a secret that holds a user and a password alone, as RDS manages it. */
    at?: string
    /** What backups log in with, where checks have a role that reads no rows (`raingauge grants`). Default: `url`. */
    backupUrl?: SecretSource
    /** Logs in with an RDS IAM token instead of a password. The region is that of the host's name where it is not given. */
    iam?: IamConfig
  }[]
  /** A local folder (default `.raingauge`), or `s3://bucket/prefix`. */
  store?: string
  /** A Slack incoming webhook. Without one, the message is shown instead. */
  slack?: { webhook: SecretSource }
  /** Where the Prometheus text file goes. Default: `<store folder>/metrics.prom`, and none with an S3 store. */
  metrics?: { file: string }
  /** What to leave out of the schema check, and what matters more or less than usual. The first rule that fits counts. */
  schema?: {
    ignore?: IgnoreRule[]
    severity?: SeverityRule[]
    /** What hosts the databases: what it brings into each is left out. Default: found out by its roles. */
    platform?: Platform | 'none'
    /** Names of roles in the databases, and the name that the migrations use for each: `{ app_production: 'app' }`. */
    roles?: Record<string, string>
  }
  /** How fresh and how proven archives must be, and how long they are kept. Where it is there, it is a finding to have none. */
  archives?: ArchiveConfig
  /**
   * A Postgres that nobody minds, for extensions that no scratch server of Raingauge's own has. Databases and roles are made on it and dropped again.
   * Default: the environment variable DATABASE_URL_SCRATCH, else none.
   */
  scratch?: { url: SecretSource }
  /** Which pg_dump makes archives: `wasm` (default), which is part of Raingauge, or a `native` one: that at `program`, an absolute path, or one that packages installed. */
  dump?: { engine: 'wasm' | 'native'; program?: string }
  /** Many databases of this one schema, each compared with the migrations. */
  fleet?: FleetConfig
  /** How it is deployed; only `cdk` reads it. */
  deploy?: DeployConfig
}

/** Hosting platforms whose own objects are known. */
export const PLATFORMS = ['supabase', 'neon', 'rds'] as const

export type Platform = (typeof PLATFORMS)[number]

/** Which differences of a schema a rule is about: every part that is given must fit, and one at least is given. */
export type SchemaPattern = {
  /** Such as `schema.unexpected`. */
  kind?: string
  /** Such as `index`; a glob: `*` is any text, `?` any character. */
  class?: string
  /** As findings tell it, such as `app.users.email`; a glob. Without a class, also for what lives in the table or schema of that name. */
  name?: string
  /** The fact that differs, such as `comment`; a glob. */
  attribute?: string
  /** Default: in every one. */
  environment?: string
}

/** A difference to leave out. It is counted, kept in the document, and shown with `--show-ignored`. */
export type IgnoreRule = SchemaPattern & {
  /** For whoever reads the report. */
  reason: string
  /** The last day on which the rule holds (UTC), such as `2026-12-31`. Default: it never ends. */
  expires?: string
}

export type SeverityRule = SchemaPattern & { severity: Severity }

/** Types the configuration file for the editor; checked when it is read. */
export function defineConfig(config: RaingaugeConfig): RaingaugeConfig {
  return config
}

/** A secret that may still have to be fetched. */
export type SecretReference = { kind: 'value'; value: Secret } | StoredSecret

/** One that lies in AWS: its name or ARN in Secrets Manager, or in the Parameter Store of Systems Manager. */
export type StoredSecret = { kind: 'secrets-manager' | 'parameter'; id: string }

export type LedgerName = { schema: string; table: string }

export type Environment = {
  name: string
  url: SecretReference
  backupUrl?: SecretReference
  at?: Place
  iam?: IamLogin | null
}

/** `program`: the absolute path of pg_dump; null: look where packages put it. */
export type DumpEngine = { engine: 'wasm' } | { engine: 'native'; program: string | null }

export type StoreLocation = { kind: 'directory'; path: string } | { kind: 's3'; bucket: string; prefix: string }

/** The configuration, parsed: complete, with absolute paths, no fault left. */
export type Config = {
  project: string
  /** Absolute path of the migrations folder. */
  migrations: string
  /** null: look for the usual ones. */
  ledger: LedgerName | null
  environments: Environment[]
  store: StoreLocation
  slackWebhook: SecretReference | null
  metricsFile: string | null
  schema: SchemaRules
  archives: ArchivePolicy
  /** Opens encrypted archives; null: there is no private key. */
  identity: SecretReference | null
  dump: DumpEngine
  /** null: only the scratch servers of our own. */
  scratch: SecretReference | null
  /** null: there is none. */
  fleet: Fleet | null
  deploy: Deployment
}

/** The rules of {@link RaingaugeConfig.schema}, complete. */
export type SchemaRules = {
  ignore: IgnoreRule[]
  severity: SeverityRule[]
  /** Absent: found out. */
  platform?: Platform | 'none'
  /** Absent: none has another name. */
  roles?: Record<string, string>
}

/** The ledgers to look for where none is configured, in this order. */
export const USUAL_LEDGERS: readonly LedgerName[] = [
  { schema: 'public', table: '_drizzle_migrations' },
  { schema: 'drizzle', table: '__drizzle_migrations' },
  // With `migrationsSchema: 'public'`, as many have it.
  { schema: 'public', table: '__drizzle_migrations' },
]
