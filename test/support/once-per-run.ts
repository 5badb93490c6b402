// What takes long to make and is the same for all test files: the first that asks makes it, and the others are given it.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unsealFolder } from './sealed-folder.ts'

const NAME = 'once-per-run'
const LOOK_MS = 50

type Outcome<T> = { made: T } | { failed: string }

/**
 * What `make` has made for the first that asked in this run, in the folder that it was given. It comes as JSON, so what cannot be written so is lost. Throws
 * what is told of a `make` that has thrown, for everybody.
 */
export async function oncePerRun<T>(name: string, make: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(tmpdir(), NAME, name)
  const file = join(folder, 'outcome.json')
  mkdirSync(join(folder, '..'), { recursive: true, mode: 0o755 })
  if (isFirst(folder)) writeOutcome(file, await outcomeOf(() => make(folder)))
  // As long as the test that waits may take.
  while (!existsSync(file)) await sleep(LOOK_MS)
  const outcome = JSON.parse(readFileSync(file, 'utf8')) as Outcome<T>
  if ('failed' in outcome) throw new Error(`${name} could not be made in this run: ${outcome.failed}`)
  return outcome.made
}

/** Removes all that was made in the folder of a run. */
export function forgetWhatWasMade(runFolder: string): void {
  const folder = join(runFolder, NAME)
  if (!existsSync(folder)) return
  unsealFolder(folder)
  rmSync(folder, { recursive: true })
}

/** Of all processes of the run: only one can make the folder. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o755 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

async function outcomeOf<T>(make: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { made: await make() }
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** Nobody is to read half of it. */
function writeOutcome(file: string, outcome: Outcome<unknown>): void {
  writeFileSync(`${file}.half`, JSON.stringify(outcome))
  renameSync(`${file}.half`, file)
}
