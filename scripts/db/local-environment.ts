// The environment of the project's own scripts: `.env.local` over nothing, and the one URL that is not a real one.
import { existsSync } from 'node:fs'
import { RaingaugeError } from '../../lib/error.ts'

/** Of the local PGlite server. Below the ports that systems hand out, and no known service's. */
const PGLITE_PORT = 15_499

/** Reads `.env.local`, where there is one; what is set already stays as it is. */
export function loadLocalEnvironment(file = '.env.local'): void {
  if (existsSync(file)) process.loadEnvFile(file)
}

/** The port of the local PGlite server: `PGLITE_PORT`, or 15499. Throws `config.invalid` on nonsense. */
export function pglitePort(environment: NodeJS.ProcessEnv): number {
  const port = Number(environment.PGLITE_PORT ?? PGLITE_PORT)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new RaingaugeError('config.invalid', 'PGLITE_PORT is no port', { remedy: 'set it to a number up to 65535' })
}

/** Where a PGlite server of that port is, as any Postgres client understands it. It asks for no password. */
export function pgliteUrl(port: number): string {
  return `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`
}

/** True for `postgres://pglite`, which names the local PGlite server rather than a host. */
export function meansPGlite(url: string): boolean {
  return /^postgres(?:ql)?:\/\/pglite\/?$/.test(url)
}
