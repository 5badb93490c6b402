import { listArchives, toSummary } from '../../lib/archive/list-archives.ts'
import { FLEET } from '../../lib/config/fleet-config.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { readLastRuns } from '../../lib/job/last-runs.ts'
import { readOpenIncidents } from '../../lib/job/open-incidents.ts'
import { statusReport } from '../../lib/report/status.ts'
import { terminalEdge } from '../edge.ts'
import { demandConfig, tellingNobody, type Request } from './request.ts'

/** What is open and how old the archives are, from the store alone. Exit status 1 when anything is open, 2 when nothing ever ran. */
export async function showStatus(request: Request): Promise<number> {
  const { terminal, options } = request
  const config = tellingNobody(await demandConfig(request))
  return await withJobContext(config, terminalEdge(terminal, request.signal), async (context) => {
    const { store, project } = context
    const environments = config.environments.map(({ name }) => name)
    const places = config.fleet === null ? environments : [...environments, FLEET]
    const incidents = await readOpenIncidents(store, project, places)
    const { runs, unreadable } = await readLastRuns(context)
    const newest = await Promise.all(environments.map((name) => listArchives(store, project, name)))
    const archives = newest.flatMap(([record]) => (record?.kind === 'archive' ? [toSummary(record)] : []))
    const lastRuns = runs.map(({ job, environment, startedAt, durationMs }) => ({
      job,
      ...(environment === undefined ? {} : { environment }),
      startedAt,
      durationMs,
    }))
    const status = { project, lastRuns, incidents, archives }
    terminal.result(
      options.json
        ? JSON.stringify(status, undefined, 2)
        : statusReport(status, { now: context.now(), color: terminal.color }),
    )
    for (const place of unreadable) terminal.say(`raingauge: ${place} cannot be read: the next run writes it anew`)
    if (runs.length === 0 || unreadable.length > 0) return 2
    return incidents.length > 0 ? 1 : 0
  })
}
