// Timings that can be trusted on a busy machine: two ways in turn, and the ratio within each round.
export type Way = { name: string; run: () => Promise<unknown> }

/** `cpu`: what this process itself used, not the server nor other programs. */
export type Comparison = { title: string; ours: Summary; peer: Summary; ratio: Summary; cpu: [Summary, Summary] }

/** Of several rounds; milliseconds, or a plain number for ratios. */
export type Summary = { name: string; min: number; median: number; max: number }

/** Runs both ways once to warm up, then in turn for so many rounds. */
export async function compare(title: string, ours: Way, peer: Way, rounds: number): Promise<Comparison> {
  await ours.run()
  await peer.run()
  const taken: [Taken, Taken][] = []
  for (let round = 0; round < rounds; round++) taken.push([await time(ours), await time(peer)])
  const times = taken.map(([mine, theirs]) => [mine.wall, theirs.wall] as const)
  return {
    title,
    ours: summarise(
      ours.name,
      times.map(([mine]) => mine),
    ),
    peer: summarise(
      peer.name,
      times.map(([, theirs]) => theirs),
    ),
    ratio: summarise(
      'ratio',
      times.map(([mine, theirs]) => mine / theirs),
    ),
    cpu: [
      summarise(
        'CPU',
        taken.map(([mine]) => mine.cpu),
      ),
      summarise(
        'CPU',
        taken.map(([, theirs]) => theirs.cpu),
      ),
    ],
  }
}

/** The comparison as lines of text. */
export function formatComparison({ title, ours, peer, ratio, cpu: [mine, theirs] }: Comparison): string {
  return [
    title,
    inMs(ours, mine),
    inMs(peer, theirs),
    `  ${'ratio, round by round'.padEnd(34)} ${ratio.median.toFixed(2).padStart(7)}     (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})`,
  ].join('\n')
}

function inMs({ name, min, median, max }: Summary, cpu: Summary): string {
  return `  ${name.padEnd(34)} ${median.toFixed(0).padStart(7)} ms  (${min.toFixed(0)} to ${max.toFixed(0)}), CPU here ${cpu.median.toFixed(0)} ms`
}

type Taken = { wall: number; cpu: number }

/** In milliseconds. */
async function time({ run }: Way): Promise<Taken> {
  const started = performance.now()
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return { wall: performance.now() - started, cpu: (user + system) / 1000 }
}

function summarise(name: string, values: number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? Number.NaN
  return { name, min: at(0), median: at(Math.floor(sorted.length / 2)), max: at(sorted.length - 1) }
}
