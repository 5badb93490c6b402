// After a run: incidents move on, people are told what changed, metrics are written. Nothing here undoes what the run found out.
import type { Verdict } from '../finding.ts'
import { sinceOf, type IncidentState, type Notice } from '../incident/incident.ts'
import { writeState } from '../incident/write-state.ts'
import { postSlack } from '../report/post-slack.ts'
import { prometheusText } from '../report/prometheus.ts'
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
  const states: IncidentState[] = []
  const notices: Notice[] = []
  for (const [environment, verdicts] of Map.groupBy(run.verdicts, (each) => each.environment)) {
    const moved = await attempt(() => moveOn(run, environment, verdicts, context), null)
    if (moved === null) continue
    states.push(moved.state)
    notices.push(...moved.notices)
    if (moved.putAside !== null) problems.push(`the incidents could not be read and start anew (see ${moved.putAside})`)
  }
  const message = slackMessage({ ...run, problems }, notices, { now: context.now() })
  const posted = await attempt(() => post(message, context), false)
  const told = { ...run, problems }
  await attempt(() => remember(told, context), undefined)
  return { run: { ...run, problems }, since: sinceOf(...states), slack: { message, posted } }
}

async function moveOn(run: Run, environment: string | null, verdicts: Verdict[], context: JobContext) {
  return await writeState(context.store, {
    project: run.project,
    environment: environment ?? FOLDER_STATE,
    verdicts,
    job: run.job,
    now: context.now(),
  })
}

async function post(message: SlackMessage | null, { slackWebhook }: JobContext): Promise<boolean> {
  if (message === null || slackWebhook === null) return false
  await postSlack(slackWebhook, message)
  return true
}

async function remember(run: Run, context: JobContext): Promise<void> {
  await writeLastRun(context.store, run)
  if (context.metricsFile === null) return
  const { runs } = await readLastRuns(context.store, run.project)
  const earlier = runs.filter(({ job }) => job !== run.job)
  await writeMetricsFile(context.metricsFile, await prometheusText({ run, earlier }))
}
