import { rowsIn, type ArchiveSummary, type Trust } from '../run.ts'
import { count } from '../words.ts'
import type { Style } from './paint.ts'
import { printable } from './printable.ts'
import { bytes, duration, moment } from './quantity.ts'
import type { Canvas } from './terminal-finding.ts'

const TRUST: Record<Trust, { text: string; style: Style }> = {
  uploaded: { text: 'uploaded, not read back yet', style: 'yellow' },
  verified: { text: 'verified: read back and decoded', style: 'green' },
  restored: { text: 'restored in a drill', style: 'green' },
}

/** Without a private key, nobody can tell more of an encrypted archive. */
const NOT_DECODED = { text: 'verified: read back, encrypted', style: 'green' } as const

/** How long it took to have the data back, and when that was proven. */
function provenWords({ provenAt, timeToRestoreMs }: ArchiveSummary): string {
  const took = timeToRestoreMs === undefined ? '' : `, time to restore ${duration(timeToRestoreMs)}`
  return provenAt === undefined ? took : `${took} · ${moment(new Date(provenAt))}`
}

/** Every archive of the run: how large, how old, how far proven, and where it lies. */
export function archiveLines(archives: readonly ArchiveSummary[], { paint, now }: Canvas): string[] {
  if (archives.length === 0) return []
  return [paint('bold', 'Archives'), ...archives.flatMap(oneArchive), '']

  function oneArchive(archive: ArchiveSummary): string[] {
    const trust = archive.decoded === false ? NOT_DECODED : TRUST[archive.trust]
    const rows = rowsIn(archive.tables)
    const size = `${bytes(archive.rawBytes)}, ${bytes(archive.storedBytes)} stored`
    const holds = `${count(rows, 'row')} in ${count(archive.tables.length, 'table')}`
    return [
      `  ${archive.environment}  ${paint(trust.style, trust.text)}${provenWords(archive)}`,
      `      ${size} · ${holds} · ${duration(now.getTime() - Date.parse(archive.startedAt))} old · Postgres ${printable(archive.serverVersion)}`,
      `      ${paint('dim', printable(archive.location))}`,
    ]
  }
}
