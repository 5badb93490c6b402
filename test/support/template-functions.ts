// The functions of a template as they would be once deployed: names in place of references, and what their roles may do.
import { flatten } from '../../lib/infra/acknowledge-rules.ts'
import type { Resource, Synthesized } from './synthesized-stack.ts'

export const REGION = 'eu-central-1'
export const ACCOUNT = '111122223333'

/** One action on one pattern of resources, as a statement grants it. */
export type Grant = { action: string; resource: string; conditions: Conditions }
type Conditions = Readonly<Record<string, Readonly<Record<string, string | string[]>>>>

/** One request to AWS, as IAM judges it: with the context keys that conditions may ask for. */
export type AwsCall = { action: string; resource: string; context: Readonly<Record<string, string>> }

export type DeployedFunction = {
  id: string
  handler: string
  memoryMb: number
  storageMb: number
  variables: Record<string, string>
  /** ARN of its log group. */
  logs: string
  grants: Grant[]
}

type Statement = { Effect: string; Action: string | string[]; Resource: unknown; Condition?: Conditions }

/** The functions whose logical ids match. `bucket`: what the bucket that the stack makes came to be called. */
export function deployedFunction({ resources }: Synthesized, id: RegExp, bucket: string): DeployedFunction {
  const [found, ...more] = resources('AWS::Lambda::Function').filter((each) => id.test(each.id))
  if (found === undefined || more.length > 0) throw new Error(`${1 + more.length} functions match ${String(id)}`)
  const resolve = (value: unknown): string => deployed(flatten(value), resources(), bucket)
  const { Handler, MemorySize, EphemeralStorage, Environment, Role, LoggingConfig } = found.Properties as {
    Handler: string
    MemorySize: number
    EphemeralStorage: { Size: number }
    Environment: { Variables: Record<string, unknown> }
    Role: { 'Fn::GetAtt': [string, string] }
    LoggingConfig: { LogGroup: { Ref: string } }
  }
  return {
    id: found.id,
    handler: Handler,
    memoryMb: MemorySize,
    storageMb: EphemeralStorage.Size,
    variables: Object.fromEntries(
      Object.entries(Environment.Variables).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : resolve(value),
      ]),
    ),
    logs: resolve({ 'Fn::GetAtt': [LoggingConfig.LogGroup.Ref, 'Arn'] }),
    grants: grantsOf(resources(), Role, bucket),
  }
}

/** What a role may do, by the reference to it. */
export function grantsOf(resources: Resource[], role: unknown, bucket: string): Grant[] {
  const resolve = (value: unknown): string => deployed(flatten(value), resources, bucket)
  const [id] = (role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt']
  return statementsOf(resources, id).flatMap((statement) => {
    if (statement.Effect !== 'Allow') throw new Error('a Deny in the policy of a job is not evaluated yet')
    const conditions = mapConditions(statement.Condition ?? {}, resolve)
    return [statement.Action]
      .flat()
      .flatMap((action) =>
        [statement.Resource].flat().map((resource) => ({ action, resource: resolve(resource), conditions })),
      )
  })
}

/** True when the grant allows the call: IAM User Guide, "Policy evaluation logic". Throws for a condition that it does not know. */
export function allows({ action, resource, conditions }: Grant, call: AwsCall): boolean {
  if (!matches(action, call.action) || !matches(resource, call.resource)) return false
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      if (operator !== 'StringEquals') throw new Error(`the condition ${operator} is not evaluated yet`)
      return [wanted].flat().includes(call.context[key] ?? '')
    }),
  )
}

/** As IAM does: `*` is any characters, slashes too, and `?` is one. */
function matches(pattern: string, text: string): boolean {
  const literal = pattern.replaceAll(/[.+^$(){}|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text)
}

function statementsOf(resources: Resource[], role: string): Statement[] {
  const own = resources.find(({ id }) => id === role)?.Properties ?? {}
  if (own['ManagedPolicyArns'] !== undefined) throw new Error(`${role} has policies that are not in the template`)
  const attached = resources.filter(
    ({ Type: type, Properties: { Roles: roles } }) =>
      (type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy') &&
      JSON.stringify(roles)?.includes(`"${role}"`),
  )
  const inline = (own['Policies'] ?? []) as { PolicyDocument: unknown }[]
  const documents = [
    ...attached.map(({ Properties: each }) => each['PolicyDocument']),
    ...inline.map((each) => each.PolicyDocument),
  ]
  return documents.flatMap((document) => (document as { Statement: Statement[] }).Statement)
}

function mapConditions(conditions: Conditions, resolve: (value: unknown) => string): Conditions {
  const entries = Object.entries(conditions).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, [value].flat().map(resolve)])),
  ])
  return Object.fromEntries(entries) as Conditions
}

/** Names in place of `<…>`. */
function deployed(text: string, resources: Resource[], bucket: string): string {
  const pseudo: Record<string, string> = {
    'AWS::Partition': 'aws',
    'AWS::Region': REGION,
    'AWS::AccountId': ACCOUNT,
    'AWS::URLSuffix': 'amazonaws.com',
  }
  return text.replaceAll(/<([^<>]+)>/g, (_, reference: string) => {
    const known = pseudo[reference]
    if (known !== undefined) return known
    const [id = '', attribute] = reference.split('.')
    const type = resources.find((each) => each.id === id)?.Type
    if (type === undefined) throw new Error(`the template refers to ${reference}, which is not in it`)
    if (type === 'AWS::S3::Bucket') return attribute === undefined ? bucket : `arn:aws:s3:::${bucket}`
    const [, service = '', kind = ''] = type.toLowerCase().split('::')
    const arn = `arn:aws:${service}:${REGION}:${ACCOUNT}:${kind}/${id}`
    return type === 'AWS::Logs::LogGroup' && attribute === 'Arn' ? `${arn}:*` : arn
  })
}
