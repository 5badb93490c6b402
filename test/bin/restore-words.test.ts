import { expect, test } from 'vitest'
import { parseCommandLine } from '../../bin/command-line.ts'
import { progressWords, resultWords } from '../../bin/commands/restore-words.ts'
import { restoreJobs } from '../../bin/check-options.ts'

const restore = (...words: string[]) => parseCommandLine(['restore', 'x', '--to', 'postgres://u@h/d', ...words])

test.each([
  [['--schema-only', '--data-only'], 'leave nothing to restore'],
  [['--jobs', '0'], '--jobs takes a number from 1'],
  [['--jobs', '2x'], '--jobs takes a number from 1'],
  [['--jobs', '1000'], '--jobs takes a number from 1'],
])('%j is wrong usage', (words, problem) => {
  expect(() => restore(...words)).toThrow(problem)
})

test.each([
  '--schema-only',
  '--into-non-empty',
  '--no-owner',
  '--globals',
  '--to=x',
  '--table=x',
  '--schema=x',
  '--jobs=2',
])('%s belongs to restore', (word) => {
  expect(() => parseCommandLine(['status', word])).toThrow('belongs to restore')
})

test('tables and schemas may be repeated, and jobs have a default', () => {
  expect(restore('--table', 'a', '--table', 'b', '--schema', 's')).toMatchObject({
    options: { table: ['a', 'b'], schema: ['s'] },
  })
  expect([restoreJobs({}), restoreJobs({ jobs: '7' })]).toEqual([2, 7])
})

const progress = { bytes: 0, totalBytes: 1_200_000_000, made: 3, toMake: 40, last: 'TABLE public.a' }

test('progress has the rate and the time that is left, as far as they are known', () => {
  expect(progressWords(progress, 100)).toBe('3 of 40 definitions, TABLE public.a')
  expect(progressWords({ ...progress, bytes: 300_000_000 }, 10_000)).toBe(
    'rows: 300 MB of 1.2 GB, 30.0 MB/s, 30.0 s left; 3 of 40 definitions, TABLE public.a',
  )
  expect(progressWords({ ...progress, bytes: 300_000_000, totalBytes: null }, 10_000)).toBe(
    'rows: 300 MB, 30.0 MB/s; 3 of 40 definitions, TABLE public.a',
  )
  expect(progressWords({ ...progress, bytes: 1_200_000_000, made: 39, last: 'INDEX public.a_x' }, 10_000)).toBe(
    'all rows, 39 of 40 definitions, INDEX public.a_x',
  )
})

test('the result says what was restored, how long it took, and what was not', () => {
  const result = {
    tables: [{ name: 'public.a', rows: 1_200 }],
    largeObjects: 1,
    statements: 12,
    skipped: [],
    kept: ['TYPE public.t'],
    alongside: ['TABLE public.parent'],
    leftOut: ['FK CONSTRAINT public.a a_b_fkey'],
    bytes: 2_500_000,
    durationMs: 12_340,
  }
  expect(resultWords('x', 'u@h:1/d', result)).toBe(
    [
      'restored x into u@h:1/d: 1 table, 1,200 rows, 1 large object, 12 definitions',
      'time to restore: 12.3 s, 2.5 MB of rows, uncompressed',
      'taken along, as definitions without rows:',
      '  TABLE public.parent',
      'there already, and left as it is:',
      '  TYPE public.t',
      'left out, since it needs what was not asked for:',
      '  FK CONSTRAINT public.a a_b_fkey',
    ].join('\n'),
  )
})
