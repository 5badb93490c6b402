// The construct in a stack of somebody else's.
import { App, Stack } from 'aws-cdk-lib'
import { expect, test } from 'vitest'
import { ConfigError } from '../../lib/config/config-error.ts'
import { Raingauge } from '../../lib/infra/raingauge.ts'
import { EXAMPLE } from '../support/synthesized-stack.ts'

test('a project is watched once in a stack: alarms and metrics are named for both', () => {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Platform')
  const watch = (id: string, project: string): Raingauge =>
    new Raingauge(stack, id, { config: { ...EXAMPLE, project } })
  watch('Shop', 'shop')
  expect(watch('Forum', 'forum').jobs.check.function.job).toBe('check')
  expect(() => watch('Again', 'shop')).toThrow(ConfigError)
})
