// A throwaway PGlite: Postgres as WebAssembly, for extensions that no packaged server has. In a process of its own, which can be ended whatever it does.
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { RaingaugeError, messageOf } from '../error.ts'
import type { Target } from '../postgres/target.ts'
import { endServer, launchGuarded } from './server-process.ts'
import { waitUntilReady } from './wait-until-ready.ts'

/** Of the Postgres that PGlite 0.5 is. */
export const PGLITE_MAJOR = 18

/** It compiles 9 MB of WebAssembly and makes its cluster with it: on a busy machine that takes its time. */
const START_TIMEOUT_MS = 120_000

export type PGliteServer = {
  /** Its one database. */
  target: Target
  /** Ends it at once and removes everything it wrote. Safe to call twice. */
  stop(): Promise<void>
}

/** Of the same kind as this file: TypeScript in a checkout, compiled where the package is installed. */
const PROGRAM = join(import.meta.dirname, `pglite-program${extname(import.meta.filename)}`)

/** False in a bundle, which brings neither the program nor PGlite: 27 MB, and more memory than a function has. */
export function hasPGlite(): boolean {
  return existsSync(PROGRAM)
}

/**
 * Starts a PGlite that can create these extensions, in 3 to 7 seconds and some 600 MB of memory (1.1 GB at its start). It lives until `stop()`, or until
 * this process ends in whatever way. Throws `scratch.unavailable`.
 */
export async function startPGliteServer(extensions: readonly string[], signal?: AbortSignal): Promise<PGliteServer> {
  const folder = mkdtempSync(join(tmpdir(), 'raingauge-pglite-'))
  let child: ChildProcess | undefined
  try {
    const running = launchGuarded(folder, [process.execPath, PROGRAM, folder, ...extensions], {
      env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
    })
    child = running
    const target: Target = {
      host: folder,
      port: 5432,
      database: 'postgres',
      user: 'postgres',
      password: undefined,
      sslMode: 'disable',
      sslRootCert: undefined,
    }
    await waitUntilReady(running, target, signal, START_TIMEOUT_MS)
    return { target, stop: () => endServer(running) }
  } catch (error) {
    if (child !== undefined) await endServer(child)
    rmSync(folder, { recursive: true, force: true })
    signal?.throwIfAborted()
    throw new RaingaugeError('scratch.unavailable', `PGlite did not start: ${messageOf(error)}`, {
      remedy: 'see that the temp folder has room and the machine 1.2 GB of free memory',
      cause: error,
    })
  }
}
