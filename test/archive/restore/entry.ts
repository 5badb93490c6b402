import type { TocEntry } from '../../../lib/archive/format/toc-entry.ts'

/** An entry with what a test does not care about filled in. */
export function entry(dumpId: number, desc: string, tag: string, more: Partial<TocEntry> = {}): TocEntry {
  return {
    dumpId,
    desc,
    tag,
    hadDumper: false,
    oid: 0,
    section: 'pre-data',
    defn: '',
    dropStmt: '',
    copyStmt: '',
    namespace: 'public',
    tablespace: '',
    tableAm: '',
    relkind: '',
    owner: '',
    dependencies: [],
    dataOffset: null,
    ...more,
  }
}
