// Packaged servers: one of each major that is asked for, shared by the databases of a run that do not ask for one of their own.
import { startEmbeddedServer, type EmbeddedServer } from './embedded-server.ts'
import { scratchName } from './names.ts'
import { packagedExtensions } from './packaged-extensions.ts'
import type { Road } from './road.ts'
import { findServerBinaries, hasServerBinaries } from './server-binaries.ts'

/** `folders`: see {@link findServerBinaries}. */
export function embeddedRoad(
  folders: Readonly<Record<number, string>> | undefined,
  signal: AbortSignal | undefined,
): Road {
  const servers = new Map<number, Promise<EmbeddedServer>>()
  const server = (major: number): Promise<EmbeddedServer> => {
    const started = servers.get(major) ?? startEmbeddedServer(findServerBinaries(major, folders), { signal })
    servers.set(major, started)
    return started
  }
  return {
    name: 'embedded',
    async offer(major, { extensions = [] }) {
      if (!hasServerBinaries(major, folders)) return null
      return extensions.length === 0 ? new Set() : packagedExtensions(findServerBinaries(major, folders))
    },
    async withDatabase(major, _, work, alone) {
      const name = scratchName(new Date())
      if (alone) {
        const { createDatabase, stop } = await startEmbeddedServer(findServerBinaries(major, folders), { signal })
        try {
          return await work(await createDatabase(name))
        } finally {
          await stop()
        }
      }
      const { createDatabase, dropDatabase } = await server(major)
      const target = await createDatabase(name)
      try {
        return await work(target)
      } finally {
        await dropDatabase(name)
      }
    },
    async stop() {
      for (const started of await Promise.allSettled(servers.values())) {
        if (started.status === 'fulfilled') await started.value.stop()
      }
    },
  }
}
