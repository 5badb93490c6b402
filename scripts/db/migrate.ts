// npm run db:migrate: applies the committed migrations to DATABASE_URL, by default the local PGlite server.
import { hasCode, RaingaugeError } from '../../lib/error.ts'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { describeTarget, parseTarget } from '../../lib/postgres/target.ts'
import { loadLocalEnvironment, meansPGlite, pglitePort, pgliteUrl } from './local-environment.ts'
import { runScript } from './run-script.ts'

loadLocalEnvironment()
await runScript(async () => {
  const url = process.env.DATABASE_URL ?? 'postgres://pglite'
  const local = meansPGlite(url)
  const target = parseTarget(local ? pgliteUrl(pglitePort(process.env)) : url)
  const folder = await readFolder('migrations')
  try {
    const { applied } = await applyMigrations(target, folder, {
      onApplied: (tag) => process.stdout.write(`applied ${tag}\n`),
    })
    process.stdout.write(
      `${describeTarget(target)}: ${applied.length} of ${folder.migrations.length} migrations applied now\n`,
    )
    return 0
  } catch (error) {
    if (!local || !hasCode(error, 'postgres.unreachable')) throw error
    throw new RaingaugeError('postgres.unreachable', `no PGlite server at ${target.host}:${target.port}`, {
      remedy: 'start one with npm run db-server:memory or npm run db-server:file, or set DATABASE_URL',
      cause: error,
    })
  }
})
