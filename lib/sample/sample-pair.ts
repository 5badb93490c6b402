// The embedded pair: two real servers as staging and production of the sample project, with a hotfix planted by hand.
import { randomBytes } from 'node:crypto'
import type { WatchedEnvironment } from '../job/context.ts'
import { applyMigrations } from '../ledger/apply-migrations.ts'
import type { Folder } from '../ledger/folder.ts'
import { withClient } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import { startEmbeddedServer, type EmbeddedServer } from '../scratch/embedded-server.ts'
import { findServerBinaries } from '../scratch/server-binaries.ts'
import { Secret } from '../secret.ts'
import { PLANTED_HOTFIX } from './planted-hotfix.ts'
import { SAMPLE_ROWS } from './sample-rows.ts'

const MAJOR = 17

export type SamplePair = {
  environments: WatchedEnvironment[]
  /** The password of both servers, so that the edge can black it out. */
  password: Secret
}

/**
 * Lends the pair to `use` and ends both servers in every case. Staging has all of the folder's migrations, production all but
 * the last, and {@link PLANTED_HOTFIX}. They are reached as real ones are: over TCP, with a SCRAM password.
 */
export async function withSamplePair<T>(
  folder: Folder,
  options: { signal?: AbortSignal | undefined; progress: (line: string) => void },
  use: (pair: SamplePair) => Promise<T>,
): Promise<T> {
  const password = new Secret(randomBytes(18).toString('base64url'))
  const started: EmbeddedServer[] = []
  const start = async (name: string): Promise<Target> => {
    options.progress(`starting the embedded ${name} (Postgres ${MAJOR})`)
    const server = await startEmbeddedServer(findServerBinaries(MAJOR), {
      tcpPassword: password,
      signal: options.signal,
    })
    started.push(server)
    return await server.createDatabase('app')
  }
  try {
    const staging = await start('staging')
    await fill(staging, folder, undefined, [])
    const production = await start('production')
    const statements = PLANTED_HOTFIX.map(({ statement }) => statement)
    await fill(production, folder, folder.migrations.at(-2)?.tag, statements)
    const environments = Object.entries({ staging, production }).map(([name, target]) => ({
      name,
      target: () => Promise.resolve(target),
    }))
    return await use({ environments, password })
  } finally {
    await Promise.all(started.map((server) => server.stop()))
  }
}

async function fill(target: Target, folder: Folder, upTo: string | undefined, hotfix: string[]): Promise<void> {
  await applyMigrations(target, folder, upTo === undefined ? {} : { upTo })
  await withClient(target, 'filling the sample', async (client) => {
    for (const statement of [SAMPLE_ROWS, ...hotfix]) await client.query(statement)
  })
}
