// Which secrets somebody may read: exactly those that are named, and what decrypts them.
import { Arn, ArnFormat, Stack } from 'aws-cdk-lib'
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { Config, SecretReference, StoredSecret } from '../config/config.ts'
import type { FunctionJob } from '../config/function-variables.ts'
import { JOB_PLANS } from './job-plan.ts'

/** The secrets that a job needs: who reads no rows gets no way to them, who opens no archive no key. */
export function secretsOfJob(job: FunctionJob, config: Config): SecretReference[] {
  const { opensDatabases, usesScratch, opensArchives } = JOB_PLANS[job]
  const databases = config.environments.map(({ url, backupUrl = url }) => (job === 'backup' ? backupUrl : url))
  return [
    ...(opensDatabases ? databases : []),
    ...(usesScratch ? [config.scratch] : []),
    ...(opensArchives ? [config.identity] : []),
    config.slackWebhook,
  ].filter((each) => each !== null)
}

/**
 * Lets the grantee read these secrets and no other. Those under the default keys of Secrets Manager and SSM need no more; `keys`: ARNs of the
 * keys of yours that others are under, which may then be used through these two services alone.
 */
export function grantSecrets(
  scope: Construct,
  grantee: IGrantable,
  references: readonly (SecretReference | null | undefined)[],
  keys: readonly string[] = [],
): void {
  const stack = Stack.of(scope)
  const stored = references.filter((each): each is StoredSecret => each != null && each.kind !== 'value')
  const arns = (kind: StoredSecret['kind'], arnOf: (stack: Stack, id: string) => string): string[] => [
    ...new Set(stored.filter((each) => each.kind === kind).map(({ id }) => arnOf(stack, id))),
  ]
  const secrets = arns('secrets-manager', secretArn)
  const parameters = arns('parameter', parameterArn)
  const allow = (actions: string[], resources: readonly string[], conditions = {}): void => {
    if (resources.length === 0) return
    const statement = new PolicyStatement({ actions, resources: [...resources], conditions })
    grantee.grantPrincipal.addToPrincipalPolicy(statement)
  }
  allow(['secretsmanager:GetSecretValue'], secrets)
  allow(['ssm:GetParameter'], parameters)
  if (stored.length === 0) return
  const services = [...(secrets.length > 0 ? ['secretsmanager'] : []), ...(parameters.length > 0 ? ['ssm'] : [])]
  const via = services.map((service) => `${service}.${stack.region}.amazonaws.com`)
  allow(['kms:Decrypt'], keys, { StringEquals: { 'kms:ViaService': via } })
}

/** Secrets Manager puts a dash and six random characters behind the name; an ARN may be given with or without them. */
function secretArn(stack: Stack, id: string): string {
  if (!id.startsWith('arn:')) return stack.formatArn({ service: 'secretsmanager', resource: `secret:${id}-??????` })
  return /-[A-Za-z0-9]{6}$/.test(id) ? id : `${id}-??????`
}

/** The name of a parameter in a hierarchy begins with a slash, which its ARN does not double. */
function parameterArn(stack: Stack, id: string): string {
  if (id.startsWith('arn:')) return id
  return Arn.format(
    {
      service: 'ssm',
      resource: 'parameter',
      resourceName: id.replace(/^\//, ''),
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    },
    stack,
  )
}
