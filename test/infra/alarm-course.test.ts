// How the alarms of the stack go on and off as things happen, period by period.
import { describe, expect, test } from 'vitest'
import { statesOf, type AlarmState, type EvaluatedAlarm, type Period } from '../support/cloudwatch-alarm.ts'
import { synthesize } from '../support/synthesized-stack.ts'

const NOTHING: Period = []
const HOUR = 3600
const STALE = 'RaingaugeArchiveStale-production'
const MINUTE_MS = 60_000

function alarm(name: string): EvaluatedAlarm {
  const [found, ...others] = synthesize()
    .resources('AWS::CloudWatch::Alarm')
    .filter(({ Properties: each }) => String(each['AlarmName']).startsWith(`${name}-`))
  if (found === undefined || others.length > 0) throw new Error(`${name}: not one alarm`)
  return found.Properties as EvaluatedAlarm
}

/** The states in short: A for ALARM, o for OK, ? before there was anything. */
function course(name: string, periods: readonly Period[]): string {
  const letters: Record<AlarmState, string> = { ALARM: 'A', OK: 'o', INSUFFICIENT_DATA: '?' }
  return statesOf(alarm(name), periods)
    .map((state) => letters[state])
    .join('')
}

function times(count: number, period: Period): Period[] {
  return Array.from({ length: count }, () => period)
}

test('failing: from the run that threw to the next that did not, however long that takes', () => {
  expect(course('RaingaugeBackupFailing', [NOTHING, [0], NOTHING, [1], NOTHING, NOTHING, [0, 1], [0]])).toBe('?ooAAAAo')
})

test('silent: a check after three hours without a start, ended by one', () => {
  expect(course('RaingaugeCheckSilent', [[1], NOTHING, NOTHING, NOTHING, NOTHING, [1]])).toBe('oooAAo')
})

test('silent: a nightly backup not between two nights, and two hours after a night was missed', () => {
  const night = [[1], ...times(23, NOTHING)]
  expect(course('RaingaugeBackupSilent', [...night, ...night])).toBe('o'.repeat(48))
  expect(course('RaingaugeBackupSilent', [...night, ...times(3, NOTHING), [1]])).toBe(`${'o'.repeat(26)}Ao`)
})

test('silent: a weekly drill not between two weeks', () => {
  const week = [[1], ...times(167, NOTHING)]
  expect(course('RaingaugeDrillSilent', [...week, ...week])).toBe('o'.repeat(336))
})

test('near timeout: a long run, until a shorter one; not at four fifths, and with the longest of a period', () => {
  const runs = [[3], [12], [2, 12.1], NOTHING, [4]].map((each) => each.map((minutes) => minutes * MINUTE_MS))
  expect(course('RaingaugeBackupNearTimeout', runs)).toBe('ooAAo')
})

test('throttled, undelivered: for as long as it happens', () => {
  for (const name of ['RaingaugeCheckThrottled', 'RaingaugeUndelivered']) {
    expect(course(name, [NOTHING, [1], NOTHING, [0]])).toBe('oAoo')
  }
})

test('dead letters: for as long as they lie there, also when the queue falls asleep', () => {
  expect(course('RaingaugeDeadLetters', [[0], [1], [2], NOTHING, [2], [0], NOTHING])).toBe('oAAAAoo')
})

describe('a stale archive', () => {
  test('three hours after it is too old, and over with the backup that makes another', () => {
    const ages = [29, 30, 31, 32, 33, 34].map((hours) => [hours * HOUR])
    // In the last hour a check saw the old archive, and a backup then made one.
    expect(course(STALE, [...ages, [35 * HOUR, 40], [HOUR]])).toBe('ooooAAoo')
  })

  test('when checks see no archive, or there are no checks; not for a single one that fails', () => {
    expect(course(STALE, times(3, NOTHING))).toBe('AAA')
    expect(course(STALE, [[HOUR], NOTHING, [3 * HOUR], NOTHING, NOTHING, NOTHING])).toBe('oooooA')
  })
})
