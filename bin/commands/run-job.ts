// run, check, backup, drill: on what is configured, or on the embedded pair where nothing is.
import { fileURLToPath } from 'node:url'
import { narrowTo } from '../../lib/config/narrow.ts'
import type { Config } from '../../lib/config/config.ts'
import { runBackup } from '../../lib/job/backup.ts'
import { runCheck } from '../../lib/job/check.ts'
import type { JobContext } from '../../lib/job/context.ts'
import { runDrill } from '../../lib/job/drill.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { runAll } from '../../lib/job/run-all.ts'
import { tell } from '../../lib/job/tell.ts'
import { UnpackedFolders } from '../../lib/ledger/published/unpacked-folders.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { exitStatus, type JobName, type Run } from '../../lib/run.ts'
import { withSamplePair } from '../../lib/sample/sample-pair.ts'
import { terminalEdge } from '../edge.ts'
import { demandConfig, readConfig, type Request } from './request.ts'
import { showRun } from './show-run.ts'

type Job = Exclude<JobName, 'prune' | 'fleet'>

const JOBS: Record<Job, (context: JobContext, slot: Date | null) => Promise<Run>> = {
  run: runAll,
  check: (context) => runCheck(context),
  backup: runBackup,
  drill: runDrill,
}

/** The checkout that this file is part of: its migrations are the sample's. */
const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url))

/** Runs the job, tells what came of it, prints the report, and returns the exit status. */
export async function runJob(job: Job, request: Request): Promise<number> {
  const [name] = request.arguments
  if (name !== undefined) return await runConfigured(job, narrowTo(await demandConfig(request), name), request)
  const config = request.options.published ? await demandConfig(request) : await readConfig(request)
  return config === null ? await runOnSample(job, request) : await runConfigured(job, config, request)
}

async function runConfigured(job: Job, config: Config, request: Request): Promise<number> {
  const edge = terminalEdge(request.terminal, request.signal)
  await using unpacked = new UnpackedFolders()
  const published = request.options.published ? { unpacked, otherwise: 'nothing' as const } : undefined
  return await withJobContext(config, { ...edge, published }, (context) => runAndShow(job, context, request))
}

async function runOnSample(job: Job, request: Request): Promise<number> {
  const { terminal, signal, cwd } = request
  terminal.say(
    'No database is configured: this is an embedded pair of Postgres servers with the sample project and planted faults.\n' +
      'Set DATABASE_URL_STAGING and DATABASE_URL_PROD, or see raingauge help, to watch your own.\n',
  )
  const sample = sampleConfig(cwd)
  const folder = await readFolder(sample.migrations)
  return await withSamplePair(folder, { signal, progress: terminal.progress }, async ({ environments, password }) => {
    terminal.conceal(password.reveal())
    return await withJobContext(sample, terminalEdge(terminal, signal), (context) =>
      runAndShow(job, { ...context, environments }, request),
    )
  })
}

async function runAndShow(job: Job, context: JobContext, request: Request): Promise<number> {
  const told = await tell(await JOBS[job](context, slotOf(request)), context)
  showRun(told, context, request)
  return exitStatus(told.run)
}

/** As the command line has checked it: a time. */
function slotOf({ options: { slot } }: Request): Date | null {
  return slot === undefined ? null : new Date(slot)
}

function sampleConfig(cwd: string) {
  return {
    project: 'sample',
    migrations: `${CHECKOUT}migrations`,
    ledger: null,
    environments: [],
    store: { kind: 'directory' as const, path: `${cwd}/.raingauge` },
    slackWebhook: null,
    metricsFile: `${cwd}/.raingauge/metrics.prom`,
  }
}
