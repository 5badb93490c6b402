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

  const RARE = 'may run less than once a week'
  const NONE = 'is no schedule that repeats'

  test.each([
    ['rate(8 days)', RARE],
    ['rate(14 days)', RARE],
    ['cron(17 4 1 * ? *)', RARE],
    ['cron(17 4 ? * 1#1 *)', RARE],
    ['cron(17 4 ? * 6L *)', RARE],
    ['cron(17 4 ? 1 SUN *)', RARE],
    ['cron(17 4 ? * SUN 2027)', RARE],
    ['at(2026-11-22T13:00:00)', NONE],
    ['rate(0 hours)', NONE],
    ['rate(1 fortnight)', NONE],
    ['cron(17 4 * * ?)', NONE],
    ['every hour', NONE],
    ['', NONE],
  ])('%s is refused, with its place, what is wrong with it, and a remedy', (expression, problem) => {
    expect(() => silenceHours('drill', expression)).toThrow(
      expect.objectContaining({
        code: 'config.invalid',
        message: expect.stringMatching(`deploy.schedules.drill.*${problem}`) as string,
        remedy: expect.stringContaining('rate(N hours)') as string,
      }) as Error,
    )
  })
})
