import { narrowTo } from '../../lib/config/narrow.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { terminalEdge } from '../edge.ts'
import { demandConfig, type Request } from './request.ts'

/** Applies the committed migrations that the environment has not seen, in one transaction. The only command that writes to a watched database. */
export async function migrateEnvironment(request: Request): Promise<number> {
  const { terminal, options } = request
  const config = narrowTo(await demandConfig(request), request.arguments[0] ?? '')
  return await withJobContext(
    config,
    terminalEdge(terminal, request.signal),
    async ({ environments, ledger, folder }) => {
      const environment = environments[0]
      if (environment === undefined) return 0
      const { applied } = await applyMigrations(await environment.target(), await readFolder(folder), {
        ledger,
        onApplied: (tag) => terminal.progress(`${environment.name}: ${tag}`),
      })
      const words =
        applied.length === 0
          ? `${environment.name}: nothing to apply`
          : `${environment.name}: applied ${applied.join(', ')}`
      terminal.result(options.json ? JSON.stringify({ environment: environment.name, applied }, undefined, 2) : words)
      return 0
    },
  )
}
