import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { finding, unknown, verdict, type Finding, type Repair, type Verdict } from '../../lib/finding.ts'
import { HAZARD } from '../../lib/hazard.ts'
import { repairScript } from '../../lib/report/repair-script.ts'
import { HOSTILE_NAME, sampleRun } from './sample-run.ts'

const script = (...verdicts: Verdict[]): string => repairScript({ ...sampleRun, verdicts })

function odd(name: string, repair?: Repair): Finding {
  const about = { subject: { class: 'table', name }, summary: name }
  return finding('production', 'schema.changed', repair === undefined ? about : { ...about, repair })
}

test('what cannot be in a transaction stands between transactions, hazards and what takes a person are comments', () => {
  const text = script(
    verdict('schema', 'production', 1, [
      odd('a', { database: 'A;', adopt: 'X;', hazards: [HAZARD.dataLoss] }),
      odd('b', { database: 'B;', hazards: [HAZARD.noTransaction] }),
      odd('c', { adopt: 'Y;', hazards: [HAZARD.dataLoss] }),
      odd('d', {
        database: 'D;',
        adopt: 'Z;',
        hazards: [HAZARD.noTransaction],
        hazardsOf: { database: [], adopt: [HAZARD.noTransaction] },
      }),
    ]),
  )
  const [summary, , ...rest] = text.split('\n').filter((line) => line !== '')
  expect(summary).toContain('3 repairs for 4 findings, 1 with loss of data')
  expect(rest).toEqual([
    'BEGIN;',
    '-- warning: a',
    `-- ! ${HAZARD.dataLoss}`,
    'A;',
    'COMMIT;',
    '-- warning: b',
    `-- ! ${HAZARD.noTransaction}`,
    'B;',
    '-- warning: c',
    '-- takes a person',
    'BEGIN;',
    '-- warning: d',
    'D;',
    'COMMIT;',
  ])
})

test('no name breaks out of its comment', () => {
  const text = script(
    verdict('schema', 'production', 1, [odd(HOSTILE_NAME)]),
    unknown('schema', 'staging', 1, HOSTILE_NAME),
  )
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('--'))).toEqual([])
  expect(text).toContain('staging could not be checked')
})

test('nothing to repair is said', () => {
  expect(script(verdict('schema', 'production', 1, []))).toBe('-- nothing to repair\n')
})

test.each(Object.values(HAZARD))('the name of the hazard stands in the guide: %s', (hazard) => {
  const guide = readFileSync(new URL('../../docs/schema-check.md', import.meta.url), 'utf8')
  expect(guide).toContain(`| \`${hazard.split(':')[0]}\` `)
})
