import { AspectPriority, Aspects, CfnResource, Stack, Validations, type IAspect } from 'aws-cdk-lib'
import { CfnManagedPolicy, CfnPolicy } from 'aws-cdk-lib/aws-iam'
import type { IConstruct } from 'constructs'
import { ACKNOWLEDGED_RULES, type AcknowledgedRule } from './acknowledged-rules.ts'

/**
 * Acknowledges, on each resource of `scope` by itself, what {@link ACKNOWLEDGED_RULES} has a reason for. Here and not in the app, so that whoever
 * has the construct in an app of their own has its reasons in their reports too.
 */
export function acknowledgeRules(scope: IConstruct): void {
  // Last, when every policy has all of its statements.
  Aspects.of(Stack.of(scope)).add(new AcknowledgeRules(scope), { priority: AspectPriority.READONLY })
}

class AcknowledgeRules implements IAspect {
  readonly #scope: IConstruct

  constructor(scope: IConstruct) {
    this.#scope = scope
  }

  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node) || !this.#isOurs(node)) return
    for (const each of ACKNOWLEDGED_RULES) {
      if (each.type !== node.cfnResourceType || each.on?.test(node.node.path) === false) continue
      for (const id of idsFor(each, node)) Validations.of(node).acknowledge({ id, reason: each.reason })
    }
  }

  /** The roles with which schedules start something the CDK makes beside us: ours are those that start our own. */
  #isOurs(node: CfnResource): boolean {
    if (node.node.scopes.includes(this.#scope)) return true
    if (!node.node.path.includes('/SchedulerRoleForTarget-')) return false
    const stack = Stack.of(this.#scope)
    const own = this.#scope.node.findAll().filter((each) => CfnResource.isCfnResource(each))
    return own.some((each) => wildcardsOf(node).includes(`Resource::<${stack.getLogicalId(each)}.Arn>:*`))
  }
}

function idsFor({ rule, finding }: AcknowledgedRule, node: CfnResource): string[] {
  if (finding === undefined) return [rule]
  return wildcardsOf(node)
    .filter((wildcard) => finding.test(wildcard))
    .map((wildcard) => `${rule}[${wildcard}]`)
}

type Statement = { Effect: string; Action?: string | string[]; Resource?: unknown }

/** What the statements of a policy say with a `*`, in the words of cdk-nag (its rule IAMNoWildcardPermissions). */
function wildcardsOf(node: CfnResource): string[] {
  if (!(node instanceof CfnPolicy || node instanceof CfnManagedPolicy)) return []
  const { Statement: statements } = Stack.of(node).resolve(node.policyDocument) as { Statement?: Statement[] }
  const allowed = (statements ?? []).filter(({ Effect: effect }) => effect === 'Allow')
  const found = allowed.flatMap(({ Action: actions = [], Resource: resources = [] }) => [
    ...[actions].flat().map((action) => `Action::${action}`),
    ...[resources].flat().map((resource) => `Resource::${flatten(resource)}`),
  ])
  return [...new Set(found.filter((each) => each.includes('*')))]
}

/** A reference of CloudFormation as one text: `<Bucket.Arn>/state/*`. */
export function flatten(node: unknown): string {
  if (typeof node === 'string') return node.replaceAll('${', '<').replaceAll('}', '>')
  const { Ref: ref, ...functions } = node as Record<string, unknown>
  if (ref !== undefined) return `<${flatten(ref)}>`
  const [join, sub, attribute] = [functions['Fn::Join'], functions['Fn::Sub'], functions['Fn::GetAtt']]
  if (join !== undefined) {
    const [delimiter, parts] = join as [string, unknown[]]
    return parts.map(flatten).join(delimiter)
  }
  if (sub !== undefined) return flatten(sub)
  if (attribute !== undefined) return `<${(attribute as unknown[]).map(flatten).join('.')}>`
  return JSON.stringify(node)
}
