// How many rows each table of an archive has, counted while it streams by.
import { RaingaugeError } from '../../error.ts'
import { corrupt } from '../corrupt.ts'
import { ArchiveParser, type ArchiveHandler } from './archive-parser.ts'
import { RowCounter, type RowPieces } from './copy-text.ts'
import type { Head } from './read-head.ts'
import { describeEntry, isTableData, qualifiedName } from './toc-entry.ts'

/** `raw` is where its block lies in the uncompressed archive. */
export type TableRows = { name: string; rows: number; raw: { start: number; bytes: number } }

export type Inspection = { head: Head; tables: TableRows[]; largeObjects: number }

/** Reads an archive in chunks and tells what is in it. Throws `archive.corrupt` for whatever {@link ArchiveParser} refuses. */
export class ArchiveInspector {
  readonly #parser: ArchiveParser
  readonly #tables: TableRows[] = []
  #head: Head | undefined
  #largeObjects = 0

  /** `boundary` is told the offsets at which the stream could be cut: after the table of contents, and after each block. */
  constructor(boundary: (offset: number) => void = () => {}, pieces: RowPieces = 'any') {
    let counter = new RowCounter(pieces)
    let blockStart = 0
    const handler: ArchiveHandler = {
      head: (head, offset) => {
        refuseCompressed(head)
        this.#head = head
        boundary(offset)
      },
      blockStart: (_, offset) => {
        counter = new RowCounter(pieces)
        blockStart = offset
      },
      largeObject: () => {
        this.#largeObjects++
      },
      data: (entry, chunk, start, end) => {
        if (isTableData(entry)) counter.add(chunk, start, end)
      },
      blockEnd: (entry, offset) => {
        if (isTableData(entry)) {
          const rows = counter.rows()
          if (rows === null || rows < 0) {
            throw corrupt(`${describeEntry(entry)} lacks its end mark at byte ${offset}`)
          }
          this.#tables.push({
            name: qualifiedName(entry),
            rows,
            raw: { start: blockStart, bytes: offset - blockStart },
          })
        }
        boundary(offset)
      },
    }
    this.#parser = new ArchiveParser(handler)
  }

  feed(chunk: Uint8Array): void {
    this.#parser.feed(chunk)
  }

  end(): Inspection {
    this.#parser.end()
    if (this.#head === undefined) throw corrupt('the archive has no head')
    return { head: this.#head, tables: this.#tables, largeObjects: this.#largeObjects }
  }
}

/** Its structure could be checked, its rows could not. Throws `archive.corrupt`. */
export function refuseCompressed(head: Head): void {
  if (head.header.compression === 'none') return
  throw new RaingaugeError('archive.corrupt', `pg_dump compressed the archive itself (${head.header.compression})`, {
    remedy: 'make it with pg_dump -Fc -Z0, or use pg_restore',
  })
}
