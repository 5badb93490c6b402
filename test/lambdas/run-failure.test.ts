import { describe, expect, test } from 'vitest'
import { runFailure } from '../../lambdas/run-failure.ts'
import { finding, unknown, verdict, type Verdict } from '../../lib/finding.ts'
import type { Run } from '../../lib/run.ts'

const subject = { class: 'archive', name: 'production' }

function run(verdicts: Verdict[], problems: string[] = []): Run {
  return {
    raingauge: '0.0.0',
    job: 'check',
    project: 'shop',
    startedAt: '2026-11-22T13:00:00.000Z',
    durationMs: 1,
    verdicts,
    archives: [],
    ledgers: [],
    problems,
  }
}

describe('what makes a function fail', () => {
  test('findings are what a check is there for', () => {
    const drift = finding('production', 'schema.missing', { subject, summary: 'index gone' })
    expect(runFailure('check', run([verdict('schema', 'production', 1, [drift])]))).toBeUndefined()
  })

  test('what could not be looked at, with its reason, beside what could', () => {
    const failure = runFailure(
      'check',
      run([verdict('ledger', 'staging', 1, []), unknown('ledger', 'production', 1, 'no route')]),
    )
    expect(failure).toMatchObject({ code: 'run.failed', message: 'check: ledger of production: no route' })
  })

  test.each([
    ['backup', 'archive.failed'],
    ['drill', 'archive.unverified'],
    ['drill', 'archive.drill-failed'],
  ] as const)('a %s that ends in %s was not done', (job, kind) => {
    const bad = finding('production', kind, { subject, summary: 'it broke' })
    expect(runFailure(job, run([verdict('archive', 'production', 1, [bad])]))?.message).toBe(
      `${job}: archive of production: it broke`,
    )
    expect(runFailure('check', run([verdict('archive', 'production', 1, [bad])]))).toBeUndefined()
  })

  test('people who could not be told', () => {
    expect(runFailure('check', run([], ['Slack answered 500']))?.message).toBe('check: Slack answered 500')
  })
})
