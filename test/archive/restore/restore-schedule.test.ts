import { expect, test } from 'vitest'
import type { TocEntry } from '../../../lib/archive/format/toc-entry.ts'
import type { DataGroup } from '../../../lib/archive/restore/data-groups.ts'
import { RestoreSchedule } from '../../../lib/archive/restore/restore-schedule.ts'
import { restoreTasks, splitEntries, type RestoreTask } from '../../../lib/archive/restore/restore-tasks.ts'
import { entry } from './entry.ts'

const TABLE_A = entry(1, 'TABLE', 'a')
const TABLE_B = entry(2, 'TABLE', 'b')
const DATA_A = entry(3, 'TABLE DATA', 'a', { dependencies: [1], hadDumper: true, section: 'data' })
const DATA_B = entry(4, 'TABLE DATA', 'b', { dependencies: [2], hadDumper: true, section: 'data' })
const post = (id: number, desc: string, tag: string, dependencies: number[]) =>
  entry(id, desc, tag, { dependencies, section: 'post-data' })
const KEY_A = post(5, 'CONSTRAINT', 'a_pkey', [1])
const INDEX_A = post(6, 'INDEX', 'a_x', [1])
const INDEX_A2 = post(7, 'INDEX', 'a_y', [1])
const FK = post(8, 'FK CONSTRAINT', 'b_a_fkey', [5, 1, 2])
const VIEW_DATA = post(9, 'MATERIALIZED VIEW DATA', 'm', [])
const ALL = [TABLE_A, TABLE_B, DATA_A, DATA_B, KEY_A, INDEX_A, INDEX_A2, FK, VIEW_DATA]

const group = (wanted: TocEntry[], start: number, end: number): DataGroup => ({ entries: wanted, wanted, start, end })
const GROUPS = [group([DATA_A], 0, 1_000), group([DATA_B], 1_000, 9_000)]

function schedule(entries: TocEntry[] = ALL, groups: DataGroup[] = GROUPS, largestFirst = true): RestoreSchedule {
  const { rest } = splitEntries(entries)
  return new RestoreSchedule(restoreTasks(new Map(entries.map((each) => [each.dumpId, each])), rest, groups), {
    largestFirst,
  })
}

const name = (task: RestoreTask | undefined) =>
  task === undefined ? '-' : task.work.kind === 'make' ? task.work.entry.tag : `rows ${task.work.group.wanted[0]?.tag}`

/** Runs with so many workers, each as slow as the others; tells who ran beside whom. */
function rounds(tasks: RestoreSchedule, jobs: number): string[] {
  const told: string[] = []
  while (tasks.left > 0) {
    const running = Array.from({ length: jobs }, () => tasks.next()).filter((task) => task !== undefined)
    if (running.length === 0) throw new Error(`stuck after ${told.join('; ')}`)
    told.push(running.map(name).join(' + '))
    for (const task of running) tasks.finish(task)
  }
  return told
}

test('one alone keeps the order of the archive; views are refreshed last', () => {
  expect(rounds(schedule(ALL, GROUPS, false), 1)).toEqual(['rows a', 'rows b', 'a_pkey', 'a_x', 'a_y', 'b_a_fkey', 'm'])
})

test('the largest rows come first; indexes wait for their rows, and only for theirs', () => {
  const tasks = schedule()
  const [first, second] = [tasks.next(), tasks.next()]
  expect([first, second].map(name)).toEqual(['rows b', 'rows a'])
  expect(tasks.next()).toBeUndefined()
  tasks.finish(second as RestoreTask)
  expect(name(tasks.next())).toBe('a_pkey')
})

test('what locks a table runs beside nothing that uses it; two indexes of a table run together', () => {
  expect(rounds(schedule(), 4)).toEqual(['rows b + rows a', 'a_pkey', 'b_a_fkey', 'a_x + a_y', 'm'])
  const tasks = schedule([TABLE_A, INDEX_A, FK, TABLE_B], [])
  // The foreign key locks the table although there are no rows to wait for.
  expect([tasks.next(), tasks.next()].map(name)).toEqual(['a_x', '-'])
})

test('rows that came with others count as there before the whole of their reading is done', () => {
  const together = schedule(ALL, [group([DATA_A, DATA_B], 0, 9_000)])
  const load = together.next()
  expect(name(load)).toBe('rows a')
  together.made(DATA_A.dumpId)
  expect(name(together.next())).toBe('a_pkey')
  together.finish(load as RestoreTask)
  expect(together.left).toBe(5)
})

test('a circle is broken in the order of the archive', () => {
  const one = post(20, 'RULE', 'one', [21])
  const other = post(21, 'RULE', 'other', [20])
  expect(rounds(schedule([one, other], []), 3)).toEqual(['one', 'other'])
})

test('remarks and definitions before the rows come first, the others with what they belong to', () => {
  const early = entry(30, 'COMMENT', 'TABLE a', { section: 'none', dependencies: [1] })
  const late = entry(31, 'COMMENT', 'INDEX a_x', { section: 'none', dependencies: [6] })
  const rights = entry(32, 'ACL', 'TABLE a', { section: 'none', dependencies: [1] })
  const { first, rest } = splitEntries([TABLE_A, early, rights, DATA_A, INDEX_A, late])
  expect(first).toEqual([TABLE_A, early])
  expect(rest).toEqual([rights, DATA_A, INDEX_A, late])
})
