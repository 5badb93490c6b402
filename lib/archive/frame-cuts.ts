// Where the frames of an archive end.

export type FrameLimits = {
  /** Raw bytes up to which tables share a frame. A larger one gets frames of its own. */
  least: number
  /** A frame ends here at the latest; in archives beyond 16 GiB it may grow: see {@link mostOf}. */
  most: number
}

export const FRAME_LIMITS: FrameLimits = { least: 1024 * 1024, most: 8 * 1024 * 1024 }

const MOST_GROWTH = 4
const FEW_FRAMES = 2048

/**
 * The raw bytes that a frame beginning at `start` may have. Small ones are held whole in memory; but the manifest lists them all,
 * so in a large archive they grow with it, up to four times.
 */
export function mostOf(start: number, { most }: FrameLimits): number {
  return Math.max(most, Math.min(most * MOST_GROWTH, Math.floor(start / FEW_FRAMES)))
}

/** The frame that is being written: where it began, and the last boundary in it, or again its beginning. */
export type FrameSoFar = { start: number; boundary: number }

/**
 * Where to end frames up to `to`, so that a frame holds either part of one table or several of at most `least` bytes together: whoever
 * restores a small table then need not read a large one. Boundaries are where the table of contents and the tables end, in ascending
 * order, none at or before `sofar.boundary`. Returns the cuts in ascending order, and the frame that is open at `to`. The first cut
 * may lie before what is known already, but then all of the frame has at most `least` bytes so far.
 */
export function frameCuts(
  sofar: FrameSoFar,
  to: number,
  boundaries: readonly number[],
  limits: FrameLimits = FRAME_LIMITS,
): { cuts: number[]; open: FrameSoFar } {
  const cuts: number[] = []
  let { start, boundary } = sofar
  const cut = (at: number) => {
    cuts.push(at)
    start = at
    boundary = at
  }
  const reach = (end: number) => {
    if (end - start > limits.least && boundary > start) cut(boundary)
    while (end - start > mostOf(start, limits)) cut(start + mostOf(start, limits))
  }
  for (const end of boundaries) {
    reach(end)
    if (end - start >= limits.least) cut(end)
    else boundary = end
  }
  reach(to)
  return { cuts, open: { start, boundary } }
}
