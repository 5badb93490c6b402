// Which data of an archive is read together, and where it lies.
import { corrupt } from '../corrupt.ts'
import type { Head } from '../format/read-head.ts'
import { describeEntry, isTableData, qualifiedName, type TocEntry } from '../format/toc-entry.ts'
import type { Manifest } from '../manifest.ts'

/** Data that lies in one place: a table's, or that of neighbours whose border nobody wrote down, such as large objects. */
export type Block = { entries: TocEntry[]; start: number; end: number }

/** Blocks one after the other, read in one go; those of `wanted` entries are restored, the others passed over. */
export type DataGroup = Block & { wanted: TocEntry[] }

/** The blocks as the manifest places them: tables by its list, other data in the gaps between. Throws `archive.corrupt` where they disagree. */
export function blocksOfManifest(head: Head, headEnd: number, { tables, rawBytes }: Manifest): Block[] {
  const blocks: Block[] = []
  let next = 0
  let end = headEnd
  let gap: TocEntry[] = []
  const closeGap = (to: number) => {
    if (to < end || to > end !== gap.length > 0) throw corrupt(`the manifest does not fit the archive at byte ${end}`)
    if (gap.length > 0) blocks.push({ entries: gap, start: end, end: to })
    gap = []
  }
  for (const entry of head.entries) {
    if (!entry.hadDumper) continue
    if (!isTableData(entry)) {
      gap.push(entry)
      continue
    }
    const table = tables[next++]
    if (table?.name !== qualifiedName(entry)) throw corrupt(`the manifest does not place ${describeEntry(entry)}`)
    closeGap(table.raw.start)
    end = table.raw.start + table.raw.bytes
    blocks.push({ entries: [entry], start: table.raw.start, end })
  }
  if (next < tables.length) throw corrupt(`the archive has no ${tables[next]?.name ?? ''}`)
  closeGap(rawBytes)
  return blocks
}

/** The blocks as the table of contents itself places them; null where pg_dump could not write that down. */
export function blocksOfHead(head: Head, rawBytes: number): Block[] | null {
  const starts = head.entries.flatMap((entry) =>
    entry.hadDumper ? [{ entry, start: entry.dataOffset ?? Number.NaN }] : [],
  )
  if (starts.some(({ start }) => Number.isNaN(start))) return null
  const inOrder = starts.toSorted((a, b) => a.start - b.start)
  return inOrder.map(({ entry, start }, index) => ({
    entries: [entry],
    start,
    end: inOrder[index + 1]?.start ?? rawBytes,
  }))
}

/**
 * Groups the blocks that hold wanted entries: those in one piece of the source together, so that no piece is read twice. `joined`: also
 * those that follow each other, so that one reader goes through the archive in one go. The blocks follow each other without a gap.
 */
export function dataGroups(
  blocks: readonly Block[],
  wanted: ReadonlySet<TocEntry>,
  pieceAt: (offset: number) => number,
  joined: boolean,
): DataGroup[] {
  const groups: (DataGroup & { last: number })[] = []
  for (const [index, block] of blocks.entries()) {
    const chosen = block.entries.filter((entry) => wanted.has(entry))
    if (chosen.length === 0) continue
    const group = groups.at(-1)
    const together =
      group !== undefined && (pieceAt(group.end - 1) === pieceAt(block.start) || (joined && group.last + 1 === index))
    if (!together) {
      groups.push({ entries: [...block.entries], wanted: chosen, start: block.start, end: block.end, last: index })
      continue
    }
    // What lies between them is passed over.
    group.entries.push(...blocks.slice(group.last + 1, index + 1).flatMap(({ entries }) => entries))
    group.wanted.push(...chosen)
    group.end = block.end
    group.last = index
  }
  return groups.map(({ entries, wanted: chosen, start, end }) => ({ entries, wanted: chosen, start, end }))
}
