// PGlite: a server of its own for each database, one at a time, since each takes a gigabyte.
import { pgliteExtensions } from './pglite-extensions.ts'
import { hasPGlite, PGLITE_MAJOR, startPGliteServer } from './pglite-server.ts'
import type { Road } from './road.ts'
import { EMBEDDED_MAJORS } from './server-binaries.ts'

export function pgliteRoad(signal: AbortSignal | undefined): Road {
  let last: Promise<unknown> = Promise.resolve()
  return {
    name: 'pglite',
    async offer(major, { extensions = [], copies = false }) {
      // What the majors tell differently is known from the oldest embedded one up to PGlite's own.
      if (!hasPGlite() || major > PGLITE_MAJOR || major < EMBEDDED_MAJORS[0] || copies) return null
      return pgliteExtensions(extensions)
    },
    async withDatabase(_, extensions, work) {
      const turn = last.then(async () => {
        const { target, stop } = await startPGliteServer([...extensions], signal)
        try {
          return await work(target)
        } finally {
          await stop()
        }
      })
      // Whoever is next waits for the end of this one, however it ends: its own caller hears of that.
      last = Promise.allSettled([turn])
      return await turn
    },
    async stop() {
      await last
    },
  }
}
