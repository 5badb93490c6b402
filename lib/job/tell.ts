// After a run: incidents move on, people are told what changed, metrics are written. Nothing here undoes what the run found out.
import type { Verdict } from '../finding.ts'
import { sinceOf } from '../incident/incident.ts'
import type { IncidentState, Notice } from '../incident/state.ts'
import { settleNotices, writeState } from '../incident/write-state.ts'
import { postSlack } from '../report/post-slack.ts'
import { slackMessage, type SlackMessage } from '../report/slack.ts'
import type { Run } from '../run.ts'
import type { JobContext } from './context.ts'
import { explain } from './judge.ts'
import { readLastRuns, writeLastRun } from './last-runs.ts'
import { writeMetricsFile } from './write-metrics-file.ts'

export type Told = {
  /** The run, with what could not be told among its problems. */
  run: Run
  /** When each open incident was first seen, by finding id. */
  since: Map<string, Date>
  /** The message, posted where there is a webhook; null when no answer changed. */
  slack: { message: SlackMessage | null; posted: boolean }
  /** Where the metrics were written; null: nowhere. */
  metricsFile: string | null
}

/** The folder belongs to no environment; its incidents are kept under a name that none can have. */
export const FOLDER_STATE = '_folder'

/** Tells a run. Whatever cannot be done (store, Slack, metrics file) is a problem of the run, and the rest is done all the same. */
export async function tell(run: Run, context: JobContext): Promise<Told> {
  const problems = [...run.problems]
  const attempt = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      problems.push(explain(error))
      return otherwise
    }
  }
  const moves: Move[] = []
  for (const [environment, verdicts] of Map.groupBy(run.verdicts, (each) => each.environment)) {
    const moved = await attempt(() => moveOn(run, environment, verdicts, context), null)
    if (moved === null) continue
    moves.push(moved)
    if (moved.putAside !== null) problems.push(`the incidents could not be read and start anew (see ${moved.putAside})`)
  }
  const notices = moves.flatMap((move) => move.notices)
  const message = slackMessage({ ...run, problems }, notices, { now: context.now() })
  const posted = await attempt(() => post(message, context), null)
  // Where the post failed the notices stay owed, and the next run tells them.
  if (posted !== null) await attempt(() => settleAll(run.project, moves, context), undefined)
  const metrics = await attempt(() => remember({ ...run, problems }, context), null)
  return {
    run: { ...run, problems },
    since: sinceOf(...moves.map(({ state }) => state)),
    slack: { message, posted: posted === true },
    metricsFile: metrics,
  }
}

type Move = { environment: string; state: IncidentState; notices: Notice[]; putAside: string | null }

async function moveOn(run: Run, place: string | null, verdicts: Verdict[], context: JobContext): Promise<Move> {
  const environment = place ?? FOLDER_STATE
  const { project, job } = run
  const moved = await writeState(context.store, { project, environment, verdicts, job, now: context.now() })
  return { environment, ...moved }
}

/** false: there was nothing to post, or nowhere to post it. */
async function post(message: SlackMessage | null, { slackWebhook }: JobContext): Promise<boolean> {
  if (message === null || slackWebhook === null) return false
  await postSlack(slackWebhook, message)
  return true
}

async function settleAll(project: string, moves: Move[], { store }: JobContext): Promise<void> {
  for (const { environment, notices } of moves) {
    if (notices.length > 0) await settleNotices(store, { project, environment }, notices)
  }
}

/** Returns where the metrics were written. */
async function remember(run: Run, context: JobContext): Promise<string | null> {
  const { store, metricsFile } = context
  await writeLastRun(store, run)
  if (metricsFile === null) return null
  const { runs } = await readLastRuns(context)
  // Where there is no such file, as in a function, its library is not even there.
  const { prometheusText } = await import('../report/prometheus.ts')
  const earlier = runs.filter(({ job, environment }) => job !== run.job || environment !== run.environment)
  await writeMetricsFile(metricsFile, await prometheusText({ run, earlier }))
  return metricsFile
}
