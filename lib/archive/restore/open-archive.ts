// An archive of which the table of contents was read, ready to give its data.
import type { ArchiveSource } from '../archive-source.ts'
import { corrupt } from '../corrupt.ts'
import type { Head } from '../format/read-head.ts'
import type { TocEntry } from '../format/toc-entry.ts'
import { archiveEvents, type ArchiveEvent } from './archive-events.ts'
import { dataGroups, type DataGroup } from './data-groups.ts'

export type OpenArchive = {
  head: Head
  /** What holds the rows of these entries; `joined`: for one reader that goes through the archive in one go. */
  groups(wanted: ReadonlySet<TocEntry>, joined: boolean): DataGroup[]
  /** How much is read for these groups; null where nobody knows. */
  bytesOf(groups: readonly DataGroup[]): number | null
  /** What is in a group. A streamed archive has one, and gives it once. Throws `archive.corrupt`. */
  events(group: DataGroup): AsyncIterable<ArchiveEvent>
  /** Gives the source back, also when not all of it was read. */
  close(): Promise<void>
}

/** Reads the table of contents. Throws `archive.corrupt`, and what the source throws. */
export async function openArchive(source: ArchiveSource): Promise<OpenArchive> {
  if (source.kind === 'stream') return await openStream(source.bytes, source.location, source.rawBytes)
  const { head, offset, events } = await readHead(source.read({ start: 0, end: source.headWithin }), source.location)
  await events.return()
  const blocks = source.blocks(head, offset)
  if (blocks === null) {
    return await openStream(source.read({ start: 0, end: source.rawBytes }), source.location, source.rawBytes)
  }
  return {
    head,
    groups: (wanted, joined) => dataGroups(blocks, wanted, source.pieceAt, joined),
    bytesOf: (groups) => groups.reduce((sum, { start, end }) => sum + end - start, 0),
    events: ({ entries, start, end }) => archiveEvents(source.read({ start, end }), { entries, offset: start }),
    close: async () => {},
  }
}

async function openStream(
  bytes: AsyncIterable<Uint8Array>,
  location: string,
  rawBytes: number | null,
): Promise<OpenArchive> {
  const { head, events } = await readHead(bytes, location)
  const all = head.entries.filter(({ hadDumper }) => hadDumper)
  return {
    head,
    groups(wanted) {
      const chosen = all.filter((entry) => wanted.has(entry))
      // Where there is nothing to look for, an archive without data is still read to its end: only then is it known to be whole.
      if (chosen.length === 0 && all.length > 0) return []
      return [{ entries: all, wanted: chosen, start: 0, end: rawBytes ?? 0 }]
    },
    bytesOf: (groups) => (groups.length === 0 ? 0 : rawBytes),
    events: () => events,
    close: async () => {
      await events.return()
    },
  }
}

type Events = ReturnType<typeof archiveEvents>

async function readHead(
  bytes: AsyncIterable<Uint8Array>,
  location: string,
): Promise<{ head: Head; offset: number; events: Events }> {
  const events = archiveEvents(bytes)
  for (;;) {
    const { value, done } = await events.next()
    if (done === true) throw corrupt(`${location} has no table of contents`)
    if (value.kind === 'head') return { head: value.head, offset: value.offset, events }
  }
}
