// What a restore has to do, and what must wait for what: fix_dependencies, repoint_table_dependencies and
// identify_locking_dependencies of PostgreSQL's src/bin/pg_dump/pg_backup_archiver.c.
import type { TocEntry } from '../format/toc-entry.ts'
import type { DataGroup } from './data-groups.ts'
import { LATER_PASSES, restorePass, type RestorePass } from './entry-statements.ts'

/** Work for one connection. */
export type RestoreTask = {
  work: { kind: 'make'; entry: TocEntry } | { kind: 'load'; group: DataGroup }
  /** Numbers of the entries that are there when it is done. */
  ids: readonly number[]
  /** Numbers of entries that must be there first, each once; some were made long before. */
  needs: readonly number[]
  /** Of those, the ones that it locks, so that nothing else may use them meanwhile. */
  locks: readonly number[]
  pass: RestorePass
  /** Bytes that it reads or stands on: the large ones go first. */
  weight: number
  /** Where it stands in the archive. */
  place: number
}

export const PASSES: readonly RestorePass[] = ['main', ...LATER_PASSES]

/**
 * What is made first, in the order of the archive, and what can be done by several afterwards. Remarks belong to what they remark on:
 * until the first data or index, they are made with it (restore_toc_entries_prefork).
 */
export function splitEntries(entries: readonly TocEntry[]): { first: TocEntry[]; rest: TocEntry[] } {
  const first: TocEntry[] = []
  const rest: TocEntry[] = []
  let passedOver = false
  for (const entry of entries) {
    if (entry.section === 'data' || entry.section === 'post-data') passedOver = true
    const early = entry.section === 'pre-data' || (entry.section === 'none' && !passedOver)
    const now = early && restorePass(entry) === 'main' && !entry.hadDumper
    ;(now ? first : rest).push(entry)
  }
  return { first, rest }
}

/** The tasks for these entries of an archive, whose data comes in these groups. */
export function restoreTasks(
  all: ReadonlyMap<number, TocEntry>,
  rest: readonly TocEntry[],
  groups: readonly DataGroup[],
): RestoreTask[] {
  const places = new Map(rest.map((entry, place) => [entry.dumpId, place]))
  const rows = new Map<number, { id: number; bytes: number }>()
  for (const { wanted, start, end } of groups) {
    for (const entry of wanted) {
      const [table] = entry.dependencies
      if (entry.desc === 'TABLE DATA' && table !== undefined) rows.set(table, { id: entry.dumpId, bytes: end - start })
    }
  }
  const loads = groups.map((group): RestoreTask => {
    const ids = group.wanted.map(({ dumpId }) => dumpId)
    const needs = group.wanted.flatMap((entry) => entry.dependencies)
    return {
      work: { kind: 'load', group },
      ids,
      needs: [...new Set(needs)].filter((id) => !ids.includes(id)),
      locks: [],
      pass: 'main',
      weight: group.end - group.start,
      place: places.get(ids[0] ?? 0) ?? 0,
    }
  })
  const makes = rest.flatMap((entry, place): RestoreTask[] => {
    if (entry.hadDumper) return []
    // An index or a constraint waits for the rows of its table, not only for the table.
    const postData = entry.section === 'post-data'
    const needs = [...new Set(entry.dependencies.map((id) => (postData ? (rows.get(id)?.id ?? id) : id)))]
    const tables = entry.dependencies.map((id) => rows.get(id))
    return [
      {
        work: { kind: 'make', entry },
        ids: [entry.dumpId],
        needs,
        // Nearly everything of that section alters its tables; building an index lets others read.
        locks: postData && entry.desc !== 'INDEX' ? needs.filter((id) => isTable(all.get(id))) : [],
        pass: restorePass(entry),
        weight: postData ? Math.max(0, ...tables.map((table) => table?.bytes ?? 0)) : 0,
        place,
      },
    ]
  })
  return [...loads, ...makes]
}

function isTable(entry: TocEntry | undefined): boolean {
  return entry?.desc === 'TABLE' || entry?.desc === 'TABLE DATA'
}
