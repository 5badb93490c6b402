import { narrowTo } from '../../lib/config/narrow.ts'
import { listArchives, toSummary } from '../../lib/archive/list-archives.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { archiveList } from '../../lib/report/archive-list.ts'
import { terminalEdge } from '../edge.ts'
import { demandConfig, tellingNobody, type Request } from './request.ts'

/** Lists the archives of an environment, the newest first. One that cannot be read is named, and is exit status 2. */
export async function listEnvironmentArchives(request: Request): Promise<number> {
  const { terminal, options } = request
  const config = tellingNobody(narrowTo(await demandConfig(request), request.arguments[0] ?? ''))
  return await withJobContext(config, terminalEdge(terminal, request.signal), async ({ store, project }) => {
    const records = await listArchives(store, project, config.environments[0]?.name ?? '')
    const good = records.filter((record) => record.kind === 'archive')
    const archives = good.map(toSummary)
    terminal.result(options.json ? JSON.stringify({ archives }, undefined, 2) : archiveList(archives))
    for (const record of records) {
      if (record.kind === 'corrupt') terminal.say(`raingauge: ${record.reason.message}`)
    }
    return good.length === records.length ? 0 : 2
  })
}
