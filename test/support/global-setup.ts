// Starts one real server of each major for the whole run; test files make databases of their own on them.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedServer } from '../../lib/scratch/embedded-server.ts'
import { EMBEDDED_MAJORS, findServerBinaries } from '../../lib/scratch/server-binaries.ts'
import { Secret } from '../../lib/secret.ts'
import { forgetWhatWasMade } from './once-per-run.ts'
import { makeRunFolder } from './run-folder.ts'

/** Holds characters that a URL must escape. */
export const TEST_PASSWORD = 'p@ss:w/rd %41'

export type TestServer = { major: number; host: string; port: number }

declare module 'vitest' {
  export interface ProvidedContext {
    servers: TestServer[]
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = makeRunFolder(process.env)
  // The workers inherit both, and hand them on to what they start: programs compile the same modules over and over.
  process.env['TMPDIR'] = folder
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled')
  const tls = { certificate: pem('server.crt'), key: pem('server.key') }
  const servers = await Promise.all(
    EMBEDDED_MAJORS.map((major) =>
      startEmbeddedServer(findServerBinaries(major), {
        tcpPassword: new Secret(TEST_PASSWORD),
        tls,
        settings: { max_connections: '100' },
      }),
    ),
  )
  project.provide(
    'servers',
    servers.map(({ major, target }) => ({ major, host: target('postgres').host, port: target('postgres').port })),
  )
  // While a developer watches, what it is made of may have changed.
  project.onTestsRerun(() => forgetWhatWasMade(folder))
  return async () => {
    await Promise.all(servers.map((server) => server.stop()))
    forgetWhatWasMade(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}

function pem(name: string): string {
  return readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8')
}
