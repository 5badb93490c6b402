// Whom the alarms of a deployment tell, as a person writes it.
import { expect, test } from 'vitest'
import type { DeployConfig } from '../../lib/config/deploy-config.ts'
import { parseConfig } from '../../lib/config/parse-config.ts'

function parse(deploy: DeployConfig) {
  const environments = [{ name: 'production', url: { secret: 'shop/production-url' } }]
  return parseConfig({ environments, deploy }, { source: 'raingauge.config.ts', base: '/app', variables: {} }).deploy
}

test('nobody is told unless it is said who, and pages are those of the repository', () => {
  expect(parse({})).toMatchObject({ alarmChat: null, runbooks: null })
  expect(parse({}).alarmEmail).toBeUndefined()
})

test('a mail address, a Slack channel by its ids, and where the pages are', () => {
  const given = {
    alarmEmail: 'ops@example.com',
    alarmChat: { workspace: 'T0123ABCD', channel: 'C0123ABCD' },
    runbooks: 'https://wiki.example.com/raingauge',
  }
  expect(parse(given)).toMatchObject(given)
})

test.each<[string, DeployConfig, string]>([
  ['a name of a channel', { alarmChat: { workspace: 'T0123ABCD', channel: '#ops' } }, 'deploy.alarmChat.channel'],
  ['a name of a workspace', { alarmChat: { workspace: 'acme', channel: 'C0123ABCD' } }, 'deploy.alarmChat.workspace'],
  ['no address', { alarmEmail: 'ops' }, 'deploy.alarmEmail'],
  ['a path', { runbooks: 'docs/runbooks' }, 'deploy.runbooks'],
  ['a link that a browser would run', { runbooks: 'javascript:alert(1)' }, 'deploy.runbooks'],
])('%s is refused by its place', (_what, deploy, place) => {
  expect(() => parse(deploy)).toThrow(
    expect.objectContaining({
      code: 'config.invalid',
      faults: [expect.objectContaining({ place: `raingauge.config.ts: ${place}` })],
    }) as Error,
  )
})
