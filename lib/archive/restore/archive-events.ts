// An archive as a sequence of events that can be awaited one by one: the parser's calls, a chunk's worth at a time.
import { ArchiveParser } from '../format/archive-parser.ts'
import type { Head } from '../format/read-head.ts'
import type { TocEntry } from '../format/toc-entry.ts'

export type ArchiveEvent =
  | { kind: 'head'; head: Head; offset: number }
  | { kind: 'block-start'; entry: TocEntry }
  | { kind: 'large-object'; oid: number }
  | { kind: 'data'; bytes: Buffer }
  | { kind: 'block-end'; entry: TocEntry }
  /** A chunk has been told; `bytes` is how much that makes with those before it. */
  | { kind: 'progress'; bytes: number }

/**
 * The events of a whole archive, or of the blocks of `from`, which begin at its offset. Throws `archive.corrupt` where the parser does,
 * and in place of its end where the archive breaks off.
 */
export async function* archiveEvents(
  source: AsyncIterable<Uint8Array>,
  from?: { entries: readonly TocEntry[]; offset: number },
): AsyncGenerator<ArchiveEvent, void, void> {
  let events: ArchiveEvent[] = []
  const pieces = new Pieces()
  const tell = (event: ArchiveEvent) => {
    const bytes = pieces.take()
    if (bytes.length > 0) events.push({ kind: 'data', bytes })
    events.push(event)
  }
  const parser = new ArchiveParser(
    {
      head: (head, offset) => tell({ kind: 'head', head, offset }),
      blockStart: (entry) => tell({ kind: 'block-start', entry }),
      largeObject: (_, oid) => tell({ kind: 'large-object', oid }),
      data: (_, chunk, start, end) => pieces.add(chunk, start, end),
      blockEnd: (entry) => tell({ kind: 'block-end', entry }),
    },
    from,
  )
  let bytes = 0
  for await (const chunk of source) {
    parser.feed(chunk)
    bytes += chunk.byteLength
    tell({ kind: 'progress', bytes })
    yield* events
    events = []
  }
  parser.end()
}

/**
 * Joins pieces, of which every row is one, by moving them together where they lie: new room for each chunk costs the garbage collector
 * as much as decoding does.
 */
class Pieces {
  #chunk: Buffer = Buffer.alloc(0)
  #start = 0
  #end = 0

  /** Of another chunk only after those of the one before were taken. */
  add(chunk: Buffer, start: number, end: number): void {
    if (this.#end === this.#start) {
      this.#chunk = chunk
      this.#start = start
      this.#end = end
      return
    }
    chunk.copyWithin(this.#end, start, end)
    this.#end += end - start
  }

  /** What was added since the last time. */
  take(): Buffer {
    const joined = this.#chunk.subarray(this.#start, this.#end)
    this.#start = this.#end
    return joined
  }
}
