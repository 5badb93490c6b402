import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RaingaugeError } from '../../lib/error.ts'
import type { Request } from './request.ts'

const TEMPLATE = `import { defineConfig } from './lib/config/config.ts'

export default defineConfig({
  // Names this project in archives, state and metrics.
  project: 'app',
  migrations: './migrations',
  // Without this line, public._drizzle_migrations and drizzle.__drizzle_migrations are looked for.
  // ledger: 'drizzle.__drizzle_migrations',
  // In promotion order: each is compared with the one before it.
  environments: [
    { name: 'staging', url: { env: 'DATABASE_URL_STAGING' } },
    { name: 'production', url: { env: 'DATABASE_URL_PROD' } },
    // Where it is deployed, by reference: { name: 'production', url: { secret: 'app/production-url' } }
  ],
  // A folder, or s3://bucket/prefix.
  store: '.raingauge',
  // Differences that are meant to be: see docs/schema-check.md.
  // schema: { ignore: [{ class: 'table', name: 'public.tmp_*', reason: 'the importer makes and drops them' }] },
  // slack: { webhook: { env: 'SLACK_WEBHOOK_URL' } },
})
`

/** Writes a configuration to start from; never over one that is there. */
export async function writeConfig({ cwd, terminal }: Request): Promise<number> {
  const file = join(cwd, 'raingauge.config.ts')
  try {
    await writeFile(file, TEMPLATE, { flag: 'wx' })
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw new RaingaugeError('usage', exists ? `${file} is there already` : `${file} cannot be written`, {
      remedy: exists ? 'change that one' : 'see that this folder can be written',
      cause,
    })
  }
  terminal.result(`wrote ${file}: name your databases in it, then raingauge check`)
  return 0
}
