import { expect, test } from 'vitest'
import { ConfigError } from '../../lib/config/config-error.ts'
import { parseConfig } from '../../lib/config/parse-config.ts'

const RECIPIENT = 'age134p9rpfk9zvf2uh3veyf8hdvxwa36n5nlt7k0mkc575qnmynnv4synfcj5'

function parse(archives: unknown, variables: Record<string, string> = {}) {
  const environments = [{ name: 'production', url: 'postgres://u@h/a' }]
  return parseConfig(
    { project: 'app', environments, ...(archives === undefined ? {} : { archives }) },
    { source: 'test', base: '/app', variables },
  )
}

function faultsOf(archives: unknown, variables: Record<string, string> = {}): string[] {
  try {
    parse(archives, variables)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ place, problem }) => `${place}: ${problem}`)
    throw error
  }
  return []
}

test('where nothing is said of archives, there are defaults, and none is expected', () => {
  const { archives, identity } = parse(undefined)
  expect(archives).toEqual({
    expected: false,
    staleAfterHours: 30,
    drillWithinDays: 9,
    shrunkBelow: 0.5,
    recipients: [],
    lock: null,
    keep: { daily: 7, weekly: 5, monthly: 12, yearly: 0, atLeast: 3 },
  })
  expect(identity).toBeNull()
})

test('what is said goes over them', () => {
  const { archives, identity } = parse(
    { keep: { daily: 30 }, lock: { days: 35 }, encryption: { recipients: [RECIPIENT], identity: { env: 'AGE_KEY' } } },
    { AGE_KEY: 'AGE-SECRET-KEY-1QQ' },
  )
  expect(archives).toMatchObject({
    expected: true,
    recipients: [RECIPIENT],
    lock: { days: 35, mode: 'governance' },
    keep: { daily: 30, weekly: 5, atLeast: 3 },
  })
  expect(identity).toMatchObject({ kind: 'value' })
})

test('every fault is told, with its place', () => {
  const faults = faultsOf({
    staleAfterHours: 0,
    shrunkBelow: 50,
    keep: { daily: -1, atLeast: 0, hourly: 3 },
    lock: { days: 1.5, mode: 'forever' },
    encryption: { recipients: [] },
  })
  expect(faults.map((fault) => /archives[\w.]*/.exec(fault)?.[0])).toEqual([
    'archives.staleAfterHours',
    'archives.shrunkBelow',
    'archives.encryption.recipients',
    'archives.lock.days',
    'archives.lock.mode',
    'archives.keep.daily',
    'archives.keep.atLeast',
    'archives.keep',
  ])
})

test('what is no key is told, and a private key in the wrong place is not repeated', () => {
  expect(faultsOf({ encryption: { recipients: ['ssh-ed25519 AAAA'] } }).join()).toContain('must be an age public key')
  const wrong = faultsOf({ encryption: { recipients: [RECIPIENT], identity: 'hunter22' } })
  expect(wrong.join()).toContain('archives.encryption.identity: is no age private key')
  expect(wrong.join()).not.toContain('hunter22')
})
