import { setFlagsFromString } from 'node:v8'

/** What V8 has by default: flag-definitions.h. */
const USUAL_BUDGET = 13_000_000
/** About the most that the flag, an int, holds. */
const LARGE_BUDGET = 2_000_000_000

/**
 * Makes a WebAssembly module that V8 leaves as it first compiled it, unless it has very much to do. pg_dump's `main` is one function of 135 kB, whose
 * loops run a few thousand times: to optimise it took a quarter of a second of CPU and 40 MB, by when there was nothing left for it to do.
 * The budget is the whole process's, but read only when a module is made.
 */
export async function withoutTierUp<Module>(make: () => Promise<Module>): Promise<Module> {
  setFlagsFromString(`--wasm-tiering-budget=${LARGE_BUDGET}`)
  try {
    return await make()
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${USUAL_BUDGET}`)
  }
}
