import { rowsIn, type ArchiveSummary } from '../run.ts'
import { count } from '../words.ts'
import { bytes, moment } from './quantity.ts'

/** A line an archive, in the order given: how far it is proven, and when that was. */
export function archiveList(archives: readonly ArchiveSummary[]): string {
  if (archives.length === 0) return 'There is no archive.'
  return archives
    .map((archive) => {
      const rows = rowsIn(archive.tables)
      return [
        archive.id,
        archive.trust.padEnd(8),
        (archive.provenAt === undefined ? '' : moment(new Date(archive.provenAt))).padEnd(20),
        bytes(archive.storedBytes).padStart(8),
        count(rows, 'row').padStart(12),
        archive.location,
      ].join('  ')
    })
    .join('\n')
}
