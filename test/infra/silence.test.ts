import { describe, expect, test } from 'vitest'
import { silenceHours } from '../../lib/infra/silence.ts'

describe('how long silence may last', () => {
  test.each([
    ['rate(1 hour)', 3],
    ['rate(15 minutes)', 3],
    ['rate(6 hours)', 8],
    ['rate(1 day)', 26],
    ['cron(5 * * * ? *)', 3],
    ['cron(5 */4 * * ? *)', 6],
    ['cron(5 0/4 * * ? *)', 6],
    ['cron(0 9,21 * * ? *)', 26],
    ['cron(17 2 * * ? *)', 26],
    ['cron(17 2 ? * MON-FRI *)', 168],
    ['cron(17 4 ? * SUN *)', 168],
    ['rate(7 days)', 168],
  ])('%s: %i hours', (expression, hours) => {
    expect(silenceHours('drill', expression)).toBe(hours)
  })

  test.each([
    'rate(8 days)',
    'rate(14 days)',
    'cron(17 4 1 * ? *)',
    'cron(17 4 ? * 1#1 *)',
    'cron(17 4 ? * 6L *)',
    'cron(17 4 ? 1 SUN *)',
    'cron(17 4 ? * SUN 2027)',
    'at(2026-11-22T13:00:00)',
    'rate(0 hours)',
    'rate(1 fortnight)',
    'cron(17 4 * * ?)',
    'every hour',
    '',
  ])('%s is refused, with its place and a remedy', (expression) => {
    expect(() => silenceHours('drill', expression)).toThrow(
      expect.objectContaining({
        code: 'config.invalid',
        message: expect.stringContaining('deploy.schedules.drill') as string,
        remedy: expect.stringContaining('rate(N hours)') as string,
      }) as Error,
    )
  })
})
