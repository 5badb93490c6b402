// The construct in a stack of somebody else's.
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { expect, test } from 'vitest'
import { ConfigError } from '../../lib/config/config-error.ts'
import { Raingauge } from '../../lib/infra/raingauge.ts'
import { EXAMPLE, UNVALIDATED } from '../support/synthesized-stack.ts'

const anApp = (): App => new App({ ...UNVALIDATED, context: { 'aws:cdk:bundling-stacks': [] } })

test('a project is watched once in a stack: alarms and metrics are named for both', () => {
  const stack = new Stack(anApp(), 'Platform')
  const watch = (id: string, project: string): Raingauge =>
    new Raingauge(stack, id, { config: { ...EXAMPLE, project } })
  watch('Shop', 'shop')
  expect(watch('Forum', 'forum').jobs.check.function.job).toBe('check')
  expect(() => watch('Again', 'shop')).toThrow(ConfigError)
})

test('a role and a log group of the caller take the place of those of a function, with what the job needs', () => {
  const stack = new Stack(anApp(), 'Platform')
  const role = new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  const logGroup = new LogGroup(stack, 'Lines')
  const { jobs } = new Raingauge(stack, 'Raingauge', { config: EXAMPLE, jobs: { prune: { role, logGroup } } })
  expect(jobs.prune.function.function.role).toBe(role)
  const template = Template.fromStack(stack)
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('Mine'))
  const written = JSON.stringify(policies)
  for (const action of ['logs:PutLogEvents', 's3:DeleteObject', 'secretsmanager:GetSecretValue']) {
    expect(written).toContain(action)
  }
  const ids = [
    ...Object.keys(template.findResources('AWS::IAM::Role')),
    ...Object.keys(template.findResources('AWS::Logs::LogGroup')),
  ]
  expect(ids.filter((id) => id.startsWith('RaingaugepruneJob'))).toEqual([])
  expect(ids.filter((id) => id.startsWith('RaingaugecheckJob'))).toHaveLength(2)
})
