import { narrowTo } from '../../lib/config/narrow.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { runPrune } from '../../lib/job/prune.ts'
import { tell } from '../../lib/job/tell.ts'
import { pruneList } from '../../lib/report/prune-list.ts'
import { exitStatus } from '../../lib/run.ts'
import { terminalEdge } from '../edge.ts'
import { demandConfig, tellingNobody, type Request } from './request.ts'
import { showRun } from './show-run.ts'

/** Removes old archives as the configuration says; with `--dry-run` only lists them, and tells nobody. */
export async function pruneEnvironment(request: Request): Promise<number> {
  const { terminal, options, signal } = request
  const dryRun = options['dry-run']
  const config = narrowTo(await demandConfig(request), request.arguments[0] ?? '')
  return await withJobContext(
    dryRun ? tellingNobody(config) : config,
    terminalEdge(terminal, signal),
    async (context) => {
      const { run, pruned } = await runPrune(context, { dryRun })
      const told = dryRun ? null : await tell(run, context)
      const document = told?.run ?? run
      if (options.json) terminal.result(JSON.stringify({ ...document, pruned }, undefined, 2))
      else {
        terminal.result(`${pruneList(pruned, { dryRun })}\n`)
        if (told !== null) showRun(told, context, request)
      }
      return exitStatus(document)
    },
  )
}
