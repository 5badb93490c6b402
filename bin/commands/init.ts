import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { RaingaugeError } from '../../lib/error.ts'
import { migrationsOf } from './migrations-of.ts'
import type { Request } from './request.ts'

type Form = { file: string; before: string; after: string }

/** Where the command itself lies: a package is compiled, and nobody's project. */
const CHECKOUT = import.meta.filename.endsWith('.ts') ? resolve(import.meta.dirname, '../..') : null

const IN_A_CHECKOUT: Form = {
  file: 'raingauge.config.ts',
  before: "import { defineConfig } from './lib/config/config.ts'\n\nexport default defineConfig({",
  after: '})',
}

/** A module whatever the package of the folder says, and with nothing to find at run time: the command may be installed elsewhere. */
const ELSEWHERE: Form = {
  file: 'raingauge.config.mts',
  before: "import type { RaingaugeConfig } from 'raingauge'\n\nexport default {",
  after: '} satisfies RaingaugeConfig',
}

const linesFor = (migrations: string) => `
  // Names this project in archives, state and metrics.
  project: 'app',
  migrations: '${migrations}',
  // Without this line, public._drizzle_migrations is looked for, then __drizzle_migrations in drizzle and in public.
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
`

/** Writes a configuration to start from; never over one that is there. */
export async function writeConfig({ cwd, terminal, options }: Request): Promise<number> {
  const form = cwd === CHECKOUT ? IN_A_CHECKOUT : ELSEWHERE
  const file = join(cwd, form.file)
  try {
    await writeFile(file, `${form.before}${linesFor(migrationsOf(cwd))}${form.after}\n`, { flag: 'wx' })
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw new RaingaugeError('usage', exists ? `${file} is there already` : `${file} cannot be written`, {
      remedy: exists ? 'change that one' : 'see that this folder can be written',
      cause,
    })
  }
  const words = `wrote ${file}: name your databases in it, then raingauge check`
  terminal.result(options.json ? JSON.stringify({ file }, undefined, 2) : words)
  return 0
}
