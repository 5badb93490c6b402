import { describe, expect, test } from 'vitest'
import { finding, type Finding } from '../../../lib/finding.ts'
import type { FleetStanding, Outcome } from '../../../lib/job/fleet/documents.ts'
import { summarise } from '../../../lib/job/fleet/summarise.ts'

const DRIFT = finding('fleet', 'schema.unexpected', {
  subject: { class: 'index', name: 'public.hotfix_idx' },
  summary: 'index public.hotfix_idx: in fleet, but in no migration',
})

function clean(name: string, changes: Partial<Outcome> = {}): Outcome {
  return { name, applied: 3, findings: [], more: 0, unknown: null, ...changes }
}

function sum(outcomes: Outcome[], before: FleetStanding | null = null, names = outcomes.map(({ name }) => name)) {
  return summarise(
    { run: '20261122T090000Z', startedAt: '2026-11-22T09:00:00.000Z', batches: [names] },
    outcomes,
    before,
  )
}

function told(summary: ReturnType<typeof sum>): Finding[] {
  return summary.verdicts.flatMap(({ findings }) => findings)
}

const many = (count: number, changes: Partial<Outcome>): Outcome[] =>
  Array.from({ length: count }, (_, index) => clean(`tenant ${String(index).padStart(4, '0')}`, changes))

const blind = (count: number): Finding[] =>
  told(sum([...many(count, { unknown: 'no route', applied: null }), clean('zz')]))

const behind = (applied: (number | null)[]): string[] =>
  sum(applied.map((each, index) => clean(`t${index}`, { applied: each }))).standing.outcomes.map(({ name }) => name)

describe('the outcome of a sweep', () => {
  test('ten thousand clean databases say nothing', () => {
    const summary = sum(many(10_000, {}))
    expect(summary.counts).toEqual({ databases: 10_000, clean: 10_000, findings: 0, unknown: 0 })
    expect(told(summary)).toEqual([])
    expect(summary.standing.outcomes).toEqual([])
    expect(summary.verdicts.map(({ check, status }) => `${check} ${status}`)).toEqual(['ledger clean', 'schema clean'])
  })

  test('the same thing in many is one finding that names a few; it changes with those that have it', () => {
    const drifted = many(40, { findings: [DRIFT] })
    const [one] = told(sum([...drifted, clean('zz')]))
    expect(one).toMatchObject({
      id: DRIFT.id,
      summary:
        'index public.hotfix_idx: in fleet, but in no migration: 40 of 41 databases (tenant 0000, tenant 0001, tenant 0002 and 37 more)',
    })
    expect(one?.actual).toMatch(/^in tenant 0000.*tenant 0019 and 20 more$/)
    const [other] = told(sum([...drifted.slice(1), clean('tenant 0000'), clean('zz')]))
    expect(other?.id).toBe(one?.id)
    expect(other?.actual).not.toBe(one?.actual)
  })

  test('who hindered alike is told once, and anew only when there are ten times as many', () => {
    expect(blind(3)).toEqual([expect.objectContaining({ kind: 'ledger.unseen', severity: 'warning' })])
    expect(blind(3)[0]?.summary).toContain('3 of 4 databases (tenant 0000, tenant 0001, tenant 0002): no route')
    expect(blind(5)[0]?.expected).toBe(blind(3)[0]?.expected)
    expect(blind(12)[0]?.expected).not.toBe(blind(3)[0]?.expected)
    expect(blind(12)[0]?.id).toBe(blind(3)[0]?.id)
  })

  test('a database of which nothing was written is unknown', () => {
    const { counts, standing } = sum([clean('a')], null, ['a', 'b'])
    expect(counts).toEqual({ databases: 2, clean: 1, findings: 0, unknown: 1 })
    expect(standing.outcomes).toEqual([
      expect.objectContaining({ name: 'b', unknown: expect.stringMatching(/^nobody looked/) as string }),
    ])
  })

  test('what cannot be looked at is not mended: it keeps what was found before, until it is seen again', () => {
    const first = sum([clean('a', { findings: [DRIFT] }), clean('b')])
    const second = sum([clean('a', { unknown: 'no route', applied: null }), clean('b')], first.standing)
    expect(second.counts).toEqual({ databases: 2, clean: 1, findings: 0, unknown: 1 })
    expect(told(second).map(({ kind }) => kind)).toEqual(['ledger.unseen', 'schema.unexpected'])
    const third = sum([clean('a', { unknown: 'no route', applied: null }), clean('b')], second.standing)
    expect(told(third)).toEqual(told(second))
    expect(told(sum([clean('a'), clean('b')], third.standing))).toEqual([])
  })

  test('who lacks what most of the fleet has is behind; who is early is not, nor is anybody who waits for the first half', () => {
    expect(behind([3, 3, 3, 2])).toEqual(['t3'])
    expect(behind([4, 3, 3, 3])).toEqual([])
    expect(behind([4, 4, 3, 3])).toEqual(['t2', 't3'])
    expect(behind([null, 3, 3])).toEqual([])
  })

  test('there are never more findings than somebody reads; the document has them all', () => {
    const each = many(300, {}).map((outcome, index) => ({
      ...outcome,
      findings: [{ ...DRIFT, id: `fleet/schema.unexpected/index/${index}` }],
    }))
    const summary = sum(each)
    expect(told(summary)).toHaveLength(100)
    expect(summary.notes.join()).toContain('200 findings')
    expect(summary.standing.outcomes).toHaveLength(300)
  })
})
