// How long a function takes until its handler is there, against one that is empty: processes of their own, in turn.
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Milliseconds above an empty handler's, medians. `emptyMs`: that one's own, with the start of Node. */
export type Starts = { emptyMs: number; aboveMs: Record<string, number> }

/** Loads each handler once to warm the disk up, then so many times in turn with an empty one, which it writes into `folder`. */
export async function measureStarts(handlers: Record<string, string>, folder: string, rounds: number): Promise<Starts> {
  const empty = join(folder, 'empty.mjs')
  await writeFile(empty, 'export const handler = async () => {}\n')
  const all = { empty, ...handlers }
  const taken = new Map<string, number[]>()
  for (let round = 0; round <= rounds; round++) {
    for (const [name, file] of Object.entries(all)) {
      const ms = await load(file)
      if (round > 0) taken.set(name, [...(taken.get(name) ?? []), ms])
    }
  }
  const emptyMs = median(taken.get('empty') ?? [])
  const above = Object.keys(handlers).map((name) => [name, median(taken.get(name) ?? []) - emptyMs])
  return { emptyMs, aboveMs: Object.fromEntries(above) as Record<string, number> }
}

async function load(file: string): Promise<number> {
  const started = performance.now()
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', '-e', `import(${JSON.stringify(pathToFileURL(file))})`],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  if (status !== 0) throw new Error(`${file} did not load: node exited with ${String(status)}`)
  return performance.now() - started
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
