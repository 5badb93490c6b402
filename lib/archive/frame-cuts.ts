// Where the frames of an archive end.

export type FrameLimits = {
  /** A boundary ends a frame only after so many raw bytes: many small tables share one. */
  least: number
  /** A frame ends here at the latest. */
  most: number
}

export const FRAME_LIMITS: FrameLimits = { least: 1024 * 1024, most: 64 * 1024 * 1024 }

/**
 * Where to end frames within the raw bytes `[from, to)`, for a frame begun at `frameStart`: at boundaries (table ends, in
 * ascending order), and wherever a frame would grow over the limit. An end at `to` itself is among them.
 */
export function frameCuts(
  frameStart: number,
  from: number,
  to: number,
  boundaries: readonly number[],
  limits: FrameLimits = FRAME_LIMITS,
): number[] {
  const cuts: number[] = []
  let start = frameStart
  const cutLongBefore = (end: number) => {
    while (end - start > limits.most) {
      start += limits.most
      cuts.push(start)
    }
  }
  for (const boundary of boundaries) {
    if (boundary <= from || boundary > to) continue
    cutLongBefore(boundary)
    if (boundary - start < limits.least) continue
    start = boundary
    cuts.push(start)
  }
  cutLongBefore(to)
  return cuts
}
