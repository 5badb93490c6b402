// Scratch databases for a run: one throwaway server per major, started when first asked for, ended together.
import { randomBytes } from 'node:crypto'
import type { Target } from '../postgres/target.ts'
import { startEmbeddedServer, type EmbeddedServer } from './embedded-server.ts'
import { findServerBinaries } from './server-binaries.ts'

export type Scratch = {
  /** Lends an empty database on a server of that major, and drops it afterwards. Throws `scratch.unavailable`. */
  withDatabase<T>(major: number, use: (target: Target) => Promise<T>): Promise<T>
}

/** Lends a scratch to `use` and ends its servers in every case. `folders`: see {@link findServerBinaries}. */
export async function withScratch<T>(
  use: (scratch: Scratch) => Promise<T>,
  options: { folders?: Readonly<Record<number, string>>; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const servers = new Map<number, Promise<EmbeddedServer>>()
  const server = (major: number): Promise<EmbeddedServer> => {
    const started =
      servers.get(major) ?? startEmbeddedServer(findServerBinaries(major, options.folders), { signal: options.signal })
    servers.set(major, started)
    return started
  }
  try {
    return await use({
      async withDatabase(major, useTarget) {
        const { createDatabase, dropDatabase } = await server(major)
        const name = `scratch_${randomBytes(6).toString('hex')}`
        const target = await createDatabase(name)
        try {
          return await useTarget(target)
        } finally {
          await dropDatabase(name)
        }
      },
    })
  } finally {
    for (const started of await Promise.allSettled(servers.values())) {
      if (started.status === 'fulfilled') await started.value.stop()
    }
  }
}
