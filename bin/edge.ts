// What only the command line can give the house: clients with credentials, the clock, the terminal.
import { readFileSync } from 'node:fs'
import { readStoredSecret } from '../lib/config/read-stored-secret.ts'
import type { Edge } from '../lib/job/open-context.ts'
import { secretsIn } from '../lib/postgres/secrets-in.ts'
import { signRdsToken } from '../lib/postgres/sign-rds-token.ts'
import { s3ClientSettings } from '../lib/store/s3-client-settings.ts'
import type { Terminal } from './terminal.ts'

/** Raingauge's own version, from its package. */
export function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return manifest.version
}

/** AWS credentials and region come from where the AWS SDK looks for them, and only when they are needed. */
export function terminalEdge(terminal: Terminal, signal: AbortSignal): Edge {
  return {
    version: ownVersion(),
    async fetchSecret(secret) {
      const value = await readStoredSecret(secret)
      for (const each of secretsIn(value)) terminal.conceal(each)
      return value
    },
    async makeS3() {
      const { S3Client } = await import('@aws-sdk/client-s3')
      // Servers of one's own rarely have a host name for each bucket; all of them understand paths.
      const ownServer = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL
      return new S3Client({ ...s3ClientSettings, forcePathStyle: ownServer !== undefined })
    },
    async signRdsToken(request) {
      const token = await signRdsToken(request)
      terminal.conceal(token)
      return token
    },
    serverFolders: {},
    drizzleKit: undefined,
    now: () => new Date(),
    signal,
    progress: terminal.progress,
  }
}
