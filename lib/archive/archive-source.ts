// Where an archive's bytes come from, as far as a restore must know.
import type { Head } from './format/read-head.ts'
import type { Block } from './restore/data-groups.ts'

/** Bytes `[start, end)` of the uncompressed archive. */
export type RawRange = { start: number; end: number }

/** An archive in which every place can be read for itself. */
export type RangedSource = {
  kind: 'ranges'
  /** A path or an s3:// URL. */
  location: string
  /** Of the uncompressed archive. */
  rawBytes: number
  /** The table of contents ends here at the latest. */
  headWithin: number
  /** The uncompressed bytes, checked as far as they can be, in chunks that the reader may write into. Throws `archive.corrupt`, and what the store throws. */
  read(range: RawRange): AsyncIterable<Uint8Array>
  /**
   * Where the data of each table lies, in order; `headEnd` is where the table of contents ends. Null where nobody
   * wrote it down, and it must be read from front to back. Throws `archive.corrupt`.
   */
  blocks(head: Head, headEnd: number): Block[] | null
  /** A number for each piece that is read as a whole: neighbours in one piece are best read together. */
  pieceAt(offset: number): number
}

/** An archive that can only be read once, from front to back. */
export type StreamedSource = {
  kind: 'stream'
  location: string
  /** Null where nobody knows before the end. */
  rawBytes: number | null
  /** Chunks that the reader may write into. */
  bytes: AsyncIterable<Uint8Array>
}

export type ArchiveSource = RangedSource | StreamedSource

/** An archive that streams by, as pg_dump writes it. */
export function streamedSource(bytes: AsyncIterable<Uint8Array>, location = 'the archive'): StreamedSource {
  return { kind: 'stream', location, rawBytes: null, bytes }
}
