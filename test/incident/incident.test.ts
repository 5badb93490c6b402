import { describe, expect, test } from 'vitest'
import { finding, unknown, verdict, type CheckName, type Finding, type FindingKind } from '../../lib/finding.ts'
import { advance, overdue, settle, sinceOf, unknownId } from '../../lib/incident/incident.ts'
import type { IncidentState, Notice } from '../../lib/incident/state.ts'
import type { JobName } from '../../lib/run.ts'

const START = new Date('2026-11-22T09:00:00Z')

function hours(count: number): Date {
  return new Date(START.getTime() + count * 3_600_000)
}

function found(kind: FindingKind, name = 'public.users', more: Partial<Finding> = {}): Finding {
  return finding('production', kind, { subject: { class: 'table', name }, summary: `${name} is wrong`, ...more })
}

function look(check: CheckName, ...findings: Finding[]) {
  return verdict(check, 'production', 5, findings)
}

function blind(check: CheckName, reason = 'no route to the host', findings: Finding[] = []) {
  return unknown(check, 'production', 5, reason, findings)
}

function told(notices: Notice[]): string[] {
  return notices.map(({ what, incident }) => `${what} ${incident.id}`)
}

/** Looks one after the other, an hour apart unless told; what each one told. */
function story(...steps: { see: ReturnType<typeof look>[]; at?: number; job?: JobName }[]): string[][] {
  let state: IncidentState | null = null
  return steps.map(({ see, at, job }, index) => {
    const moved = advance(state, see, hours(at ?? index), job)
    // What is stored and read again must be all that counts.
    state = JSON.parse(JSON.stringify(moved.state)) as IncidentState
    return told(moved.notices)
  })
}

const DRIFT = found('schema.changed')
const BEHIND = found('ledger.behind', '0005')

describe('opening', () => {
  test('a finding is told once, with its first moment kept', () => {
    const first = advance(null, [look('schema', DRIFT)], START)
    const second = advance(first.state, [look('schema', DRIFT)], hours(5))
    expect(told(first.notices)).toEqual([`opened ${DRIFT.id}`])
    expect(second.notices).toEqual([])
    expect(sinceOf(second.state)).toEqual(new Map([[DRIFT.id, START]]))
    expect(second.state.incidents[DRIFT.id]).toMatchObject({
      lastSeen: hours(5).toISOString(),
      lastTold: START.toISOString(),
    })
  })

  test('clean verdicts and notes open nothing', () => {
    const { state, notices } = advance(null, [look('ledger', found('ledger.pending')), look('schema')], START)
    expect({ notices, incidents: state.incidents }).toEqual({ notices: [], incidents: {} })
  })

  test('the state it was given is left as it was', () => {
    const { state } = advance(null, [look('schema', DRIFT)], START)
    const before = structuredClone(state)
    advance(state, [look('schema')], hours(1))
    expect(state).toEqual(before)
  })
})

describe('changing', () => {
  test.each([
    ['expected', { expected: 'integer' }],
    ['actual', { actual: 'bigint' }],
    ['severity', { severity: 'critical' as const }],
  ])('another %s is news, another wording is not', (_name, change) => {
    const reworded = { ...DRIFT, summary: 'said otherwise' }
    const changed = { ...reworded, ...change }
    expect(
      story({ see: [look('schema', DRIFT)] }, { see: [look('schema', reworded)] }, { see: [look('schema', changed)] }),
    ).toEqual([[`opened ${DRIFT.id}`], [], [`changed ${DRIFT.id}`]])
  })

  test('the notice knows what was said before', () => {
    const { state } = advance(null, [look('schema', DRIFT)], START)
    const { notices } = advance(state, [look('schema', { ...DRIFT, severity: 'critical' })], hours(1))
    expect(notices).toMatchObject([
      { what: 'changed', before: { severity: 'warning' }, incident: { severity: 'critical' } },
    ])
  })
})

test('reminds after 24 hours, then every 72, and anew after a change', () => {
  const changed = { ...DRIFT, actual: 'another' }
  const steps = [0, 23.9, 24, 25, 95, 96, 167, 168].map((at) => ({ see: [look('schema', DRIFT)], at }))
  const afterwards = [169, 192, 193].map((at) => ({ see: [look('schema', changed)], at }))
  expect(story(...steps, ...afterwards).map(([notice]) => notice?.split(' ')[0])).toEqual([
    'opened',
    undefined,
    'reminded',
    undefined,
    undefined,
    'reminded',
    undefined,
    'reminded',
    'changed',
    undefined,
    'reminded',
  ])
})

describe('resolving', () => {
  test.each([
    ['ledger', 'ledger.behind'],
    ['archive', 'archive.stale'],
    ['folder', 'folder.kit'],
  ] as const)('one clean look at the %s is enough', (check, kind) => {
    const one = found(kind)
    expect(story({ see: [look(check, one)] }, { see: [look(check)] }, { see: [look(check)] })).toEqual([
      [`opened ${one.id}`],
      [`resolved ${one.id}`],
      [],
    ])
  })

  test('a schema takes two clean looks in a row', () => {
    expect(
      story(
        { see: [look('schema', DRIFT)] },
        { see: [look('schema')] },
        { see: [look('schema', DRIFT)] },
        { see: [look('schema')] },
        { see: [look('schema')] },
      ),
    ).toEqual([[`opened ${DRIFT.id}`], [], [], [], [`resolved ${DRIFT.id}`]])
  })

  test('a finding that is only a note by now is over', () => {
    const note = { ...BEHIND, severity: 'info' as const }
    expect(story({ see: [look('ledger', BEHIND)] }, { see: [look('ledger', note)] })[1]).toEqual([
      `resolved ${BEHIND.id}`,
    ])
  })

  test('a run without that check, or of another environment, leaves it alone', () => {
    const elsewhere = verdict('schema', 'staging', 5, [])
    expect(
      story(
        { see: [look('schema', DRIFT)] },
        { see: [look('archive')] },
        { see: [elsewhere] },
        { see: [elsewhere], at: 99 },
      ),
    ).toEqual([[`opened ${DRIFT.id}`], [], [], []])
  })

  test('a drill that went well does not resolve a failed backup; a backup or the main job does', () => {
    const failed = found('archive.failed')
    const steps = (last: JobName) =>
      story(
        { see: [look('archive', failed)], job: 'backup' },
        { see: [look('archive')], job: 'drill' },
        { see: [look('archive')], job: last },
      )
    expect(steps('backup')).toEqual([[`opened ${failed.id}`], [], [`resolved ${failed.id}`]])
    expect(steps('run')[2]).toEqual([`resolved ${failed.id}`])
    expect(steps('check')[2]).toEqual([])
  })

  test('two verdicts of one check in one run count as one look', () => {
    const failed = found('archive.failed')
    expect(
      story({ see: [look('archive', failed), look('archive')] }, { see: [look('archive'), look('archive', failed)] }),
    ).toEqual([[`opened ${failed.id}`], []])
    expect(story({ see: [look('schema', DRIFT)] }, { see: [look('schema'), look('schema')] })[1]).toEqual([])
  })
})

describe('unknown', () => {
  const id = unknownId('schema', 'production')

  test('resolves no finding, and is an incident of its own until the check can look again', () => {
    expect(
      story(
        { see: [look('schema', DRIFT)] },
        { see: [blind('schema')] },
        { see: [blind('schema', 'another reason')] },
        { see: [look('schema', DRIFT)] },
      ),
    ).toEqual([[`opened ${DRIFT.id}`], [`opened ${id}`], [], [`resolved ${id}`]])
  })

  test('is reminded of, with the newest reason', () => {
    const { state } = advance(null, [blind('schema', 'old reason')], START)
    const { notices } = advance(state, [blind('schema', 'new reason')], hours(24))
    expect(notices).toMatchObject([{ what: 'reminded', incident: { id, kind: 'unknown', summary: 'new reason' } }])
  })

  test('what it did find counts as found', () => {
    expect(
      story(
        { see: [blind('schema', 'no right', [DRIFT])] },
        { see: [blind('schema', 'no right')] },
        { see: [look('schema', DRIFT)] },
      ),
    ).toEqual([[`opened ${DRIFT.id}`, `opened ${id}`], [], [`resolved ${id}`]])
  })

  test('is not told twice where a finding says the same, such as a failed backup', () => {
    const failed = { ...found('archive.failed'), summary: 'the disk is full' }
    expect(
      story(
        { see: [blind('archive', 'the disk is full', [failed])], job: 'backup' },
        { see: [look('archive')], job: 'backup' },
      ),
    ).toEqual([[`opened ${failed.id}`], [`resolved ${failed.id}`]])
  })

  test('between two clean looks, a finding that is still there keeps the incident open', () => {
    expect(
      story(
        { see: [look('schema', DRIFT)] },
        { see: [look('schema')] },
        { see: [blind('schema', 'no right', [DRIFT])] },
        { see: [look('schema')] },
      )[3],
    ).toEqual([`resolved ${id}`])
  })

  test('a backup that went well does not say that the drill can look again', () => {
    const archive = unknownId('archive', 'production')
    expect(
      story(
        { see: [blind('archive')], job: 'drill' },
        { see: [look('archive')], job: 'backup' },
        { see: [look('archive')], job: 'drill' },
      ),
    ).toEqual([[`opened ${archive}`], [], [`resolved ${archive}`]])
  })
})

test('ten thousand findings are told and resolved without trouble', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => found('schema.unexpected', `public.t${index}`))
  const { state, notices } = advance(null, [look('schema', ...many)], START)
  expect(notices).toHaveLength(10_000)
  const gone = advance(advance(state, [look('schema')], hours(1)).state, [look('schema')], hours(2))
  expect({ told: gone.notices.length, left: Object.keys(gone.state.incidents).length }).toEqual({
    told: 10_000,
    left: 0,
  })
})

describe('what is owed', () => {
  const { state, notices } = advance(null, [look('schema', DRIFT)], START)

  test('is owed until it is settled, over runs', () => {
    const next = advance(state, [look('schema', DRIFT)], hours(1)).state
    expect(overdue(next, hours(1))).toEqual(notices)
    expect(overdue(settle(next, notices), hours(1))).toEqual([])
  })

  test('is not told by another run while the first may still be telling it', () => {
    expect(overdue(state, hours(0.2))).toEqual([])
  })

  test('is told even when the finding is gone by then', () => {
    const gone = advance(advance(state, [look('schema')], hours(1)).state, [look('schema')], hours(2))
    expect(overdue(gone.state, hours(3)).map(({ what }) => what)).toEqual(['opened', 'resolved'])
  })
})
