// What pg_dump --schema-only says of a database: the other opinion.
import { wasmDump } from '../../lib/archive/engine/wasm-dump.ts'
import { ArchiveParser } from '../../lib/archive/format/archive-parser.ts'
import { describeEntry, type TocEntry } from '../../lib/archive/format/toc-entry.ts'
import type { Target } from '../../lib/postgres/target.ts'

/** Of the session of pg_dump or of the database as such, not of the schema. */
const NOT_SCHEMA = new Set(['ENCODING', 'STDSTRINGS', 'SEARCHPATH', 'DATABASE', 'TABLE DATA', 'SEQUENCE SET'])

export async function dumpText(target: Target): Promise<string[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of wasmDump({ target, schemaOnly: true }).output) chunks.push(chunk)
  return schemaText(chunks, target)
}

/** Of an archive of the database: one text an entry, in no order of dependencies or columns, since neither is compared. */
export function schemaText(archive: readonly Uint8Array[], target: Target): string[] {
  let entries: TocEntry[] = []
  const parser = new ArchiveParser({ head: (head) => (entries = head.entries) })
  for (const chunk of archive) parser.feed(chunk)
  parser.end()
  return entries
    .filter(({ desc }) => !NOT_SCHEMA.has(desc))
    .map((entry) => {
      const { defn, owner, tablespace, tableAm } = entry
      const text = defn.replaceAll(target.database, '<database>')
      return [describeEntry(entry), normal(entry, text), owner, tablespace, tableAm].join('\n')
    })
    .toSorted()
}

/** Without the orders that tell of history only: of columns, storage parameters, grantees, and settings of a function. */
function normal({ desc }: TocEntry, defn: string): string {
  const text = defn.replace(
    /WITH \(([^()]+)\)/,
    (_, options: string) => `WITH (${options.split(', ').toSorted().join(', ')})`,
  )
  // One line a column or constraint, one statement a grantee.
  if (desc === 'TABLE' || desc === 'ACL' || desc === 'DEFAULT ACL') return sortedLines(text.replaceAll(/,$/gm, ''))
  if (desc === 'FUNCTION') return text.replace(/(?:^ {4}SET .*\n)+/m, (settings) => sortedLines(settings))
  return text
}

function sortedLines(text: string): string {
  return text.split('\n').toSorted().join('\n')
}
