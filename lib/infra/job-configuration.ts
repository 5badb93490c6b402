// What a job is told, and what besides secrets and the store it may use: the same for a function and for a task.
import { ArnFormat, Stack } from 'aws-cdk-lib'
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { serializeConfig } from '../config/config-document.ts'
import { ConfigError } from '../config/config-error.ts'
import type { Config, StoreLocation } from '../config/config.ts'
import type { FunctionJob } from '../config/function-variables.ts'
import { JOB_PLANS } from './job-plan.ts'

/** Lambda allows 4 kB for all variables together (Developer Guide, "Lambda quotas"); the others and their names need some of it. */
const MOST_CONFIG_BYTES = 3_500

/** The configuration as jobs get it. Throws {@link ConfigError} where it does not fit the environment of a function. */
export function documentOf(config: Config): string {
  // Folders of the machine that builds mean nothing there, and would make every machine's template another.
  const store: StoreLocation = config.store.kind === 's3' ? config.store : { kind: 'directory', path: '' }
  const document = serializeConfig({ ...config, migrations: 'migrations', store })
  if (Buffer.byteLength(document) <= MOST_CONFIG_BYTES) return document
  throw new ConfigError([
    {
      place: 'environments',
      problem: `are ${config.environments.length}, too many for the environment of a function`,
      remedy: 'spread them over several projects, each with a stack of its own',
    },
  ])
}

/** Which instance and which user, only the secret knows: the databases say who may log in so, by GRANT rds_iam. */
export function allowIamLogin(scope: Construct, grantee: IGrantable, job: FunctionJob, config: Config): void {
  const { environments, fleet } = config
  const logins = JOB_PLANS[job].opensDatabases ? [...environments, fleet].flatMap((each) => each?.iam ?? []) : []
  const regions = new Set(logins.map(({ region }) => region ?? '*'))
  if (regions.size === 0) return
  const place = { service: 'rds-db', resource: 'dbuser', resourceName: '*/*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['rds-db:connect'],
      resources: [...regions].map((region) => Stack.of(scope).formatArn({ ...place, region })),
    }),
  )
}
