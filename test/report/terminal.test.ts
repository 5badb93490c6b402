import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { finding, unknown, verdict } from '../../lib/finding.ts'
import { terminalReport } from '../../lib/report/terminal.ts'
import type { Run } from '../../lib/run.ts'
import { CANNOT, HOSTILE_NAME, indexMissing, NOW, sampleRun, SINCE } from './sample-run.ts'

const plain = { since: SINCE, now: NOW, color: false }

function report(change: Partial<Run>): string {
  return terminalReport({ ...sampleRun, archives: [], ...change }, plain)
}

describe('the whole report', () => {
  const text = terminalReport(sampleRun, plain)

  test('tells the worst first: production, in it the critical finding, then staging, then what is clean', () => {
    const order = [
      'production  5 migrations',
      'CRITICAL  index',
      'warning   column',
      'ledger   1 finding',
      'staging  6',
      'migrations folder',
    ]
    const places = order.map((words) => text.indexOf(words))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test.each([
    ['what is wrong', 'index public.users_email_idx is missing from the database'],
    ['since when', 'since 2026-11-20 05:10 UTC, 2 d 3 h ago'],
    ['what is new', 'new in this run'],
    [
      'the repair, indented',
      '\n                    CREATE UNIQUE INDEX CONCURRENTLY users_email_idx\n                      ON public.users',
    ],
    ['the other way out', '→ or adopt it in a migration:\n                    DROP INDEX public.users_email_idx;'],
    ['the hazard', '! fails while the column holds duplicates'],
    ['what to do where there is no SQL', '→ apply the missing migrations here'],
    ['what could not be checked', '? schema   could not check (since 2026-11-22 06:00 UTC, 3 h ago)'],
    ['notes', 'note      0006_draft is committed'],
    ['the size of an archive', '1.2 GB, 240 MB stored · 1,234,567 rows in 2 tables · 6 h 43 min old'],
    ['its trust', 'production  restored in a drill, time to restore 1 min 23 s · 2026-11-22 03:02 UTC'],
    ['where it lies', '/srv/app/.raingauge/archives/app/production/20261122T021700Z-ab12cd34/archive.dump.zst'],
  ])('says %s', (_name, words) => {
    expect(text).toContain(words)
  })

  test('sums up in its last line', () => {
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      '1 critical, 3 warnings, 1 check could not be done; 4 of 7 checks clean.',
    )
  })

  test('keeps prose within the width, and never breaks SQL or paths', () => {
    const narrow = terminalReport(sampleRun, { ...plain, width: 60 })
    const prose = narrow.split('\n').filter((line) => /permission|billing|reading the/.test(line))
    expect(prose.length).toBeGreaterThan(2)
    expect(prose.filter((line) => line.length > 60)).toEqual([])
    expect(narrow).toContain('CREATE UNIQUE INDEX users_email_idx ON public.users USING btree (email)\n')
    expect(narrow).toContain(sampleRun.archives[0]!.location)
  })

  test('is the same text in colour, and colours only when asked', () => {
    const colored = terminalReport(sampleRun, { ...plain, color: true })
    expect(colored).toContain('\u001b[31mCRITICAL')
    expect(stripVTControlCharacters(colored)).toBe(text)
  })
})

test('an unknown reason is told whole', () => {
  const text = report({ verdicts: [unknown('schema', 'staging', 1, CANNOT)] })
  expect(text.replaceAll(/\s+/g, ' ')).toContain(CANNOT)
})

/** What is printed for two checks that could not be made. */
function reasons(first: string, second: string): string[] {
  return report({ verdicts: [unknown('ledger', 'production', 1, first), unknown('schema', 'production', 1, second)] })
    .split('\n')
    .flatMap((line) => /could not check[^:]*: (?<why>.*)$/.exec(line)?.groups?.['why'] ?? [])
}

test('the same reason right above is not told twice, and another one is told', () => {
  expect(reasons('no route', 'no route')).toEqual(['no route', 'as ledger'])
  expect(reasons('no route', 'no right')).toEqual(['no route', 'no right'])
})

test('an unknown check still tells what it found', () => {
  const text = report({
    verdicts: [unknown('schema', 'production', 1, 'one schema could not be read', [indexMissing])],
  })
  expect(text).toContain('1 finding besides; could not check: one schema could not be read')
  expect(text).toContain('CRITICAL  index public.users_email_idx')
})

describe('what sums up', () => {
  test('all clean', () => {
    expect(report({ verdicts: [verdict('ledger', 'staging', 1, [])] })).toMatch(/\nAll clean: 1 check\.\n$/)
  })

  test('nothing checked is not clean', () => {
    expect(report({ verdicts: [] })).toMatch(/\nNothing was checked\.\n$/)
  })

  test('a problem beside the checks is not clean', () => {
    const text = report({ verdicts: [verdict('ledger', 'staging', 1, [])], problems: ['telling Slack: no answer'] })
    expect(text).toContain('Could not be done\n  ? telling Slack: no answer\n')
    expect(text).toMatch(/\n1 other problem; 1 of 1 check clean\.\n$/)
  })
})

test('without memory it does not say since when', () => {
  const text = terminalReport(sampleRun, { ...plain, since: new Map() })
  expect(text).not.toMatch(/since|new in this run/)
})

test('where the two ways out have other hazards, each stands above its own SQL', () => {
  const odd = finding('production', 'schema.unexpected', {
    subject: { class: 'column', name: 'x' },
    summary: 'odd',
    repair: { database: 'DROP', adopt: 'ADD', hazards: ['a', 'b'], hazardsOf: { database: ['a'], adopt: ['b'] } },
  })
  const lines = report({ verdicts: [verdict('schema', 'production', 1, [odd])] })
    .split('\n')
    .map((line) => line.trim())
  const from = lines.indexOf('! a')
  expect(lines.slice(from, from + 6)).toEqual([
    '! a',
    '→ to make the database match:',
    'DROP',
    '! b',
    '→ or adopt it in a migration:',
    'ADD',
  ])
})

describe('names that would act on the terminal', () => {
  const evil = finding('production', 'schema.changed', {
    subject: { class: 'table', name: HOSTILE_NAME },
    summary: HOSTILE_NAME,
    expected: HOSTILE_NAME,
    actual: `${HOSTILE_NAME}\r\nDROP TABLE x\rhidden`,
    repair: { database: HOSTILE_NAME, adopt: HOSTILE_NAME, hazards: [HOSTILE_NAME] },
  })
  const everywhere: Run = {
    ...sampleRun,
    verdicts: [verdict('schema', 'production', 1, [evil]), unknown('ledger', 'production', 1, HOSTILE_NAME)],
    archives: [{ ...sampleRun.archives[0]!, location: HOSTILE_NAME, serverVersion: HOSTILE_NAME }],
    ledgers: [{ environment: 'production', applied: 1, newest: { tag: HOSTILE_NAME, hash: '' } }],
    problems: [HOSTILE_NAME],
  }

  test('are written out, wherever they appear', () => {
    const text = terminalReport(everywhere, plain)
    expect(text).toContain(String.raw`evil\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}\u{200b}\u{85}`)
    expect(
      [...text.matchAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu)].map(([found]) => found).filter((found) => found !== '\n'),
    ).toEqual([])
  })
})

test('a lone surrogate does not get through', () => {
  const lone = finding('production', 'schema.changed', {
    subject: { class: 'table', name: 'x' },
    summary: 'half \ud83d a pair',
  })
  expect(report({ verdicts: [verdict('schema', 'production', 1, [lone])] })).toContain(String.raw`half \u{d83d} a pair`)
})
