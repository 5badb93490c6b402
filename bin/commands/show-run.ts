import type { JobContext } from '../../lib/job/context.ts'
import type { Told } from '../../lib/job/tell.ts'
import { repairScript } from '../../lib/report/repair-script.ts'
import { slackText } from '../../lib/report/slack-text.ts'
import { terminalReport } from '../../lib/report/terminal.ts'
import type { Request } from './request.ts'

/** The result on stdout: the document, the script, or the report with what Slack was told. */
export function showRun(
  { run, since, slack, metricsFile }: Told,
  context: JobContext,
  { terminal, options }: Request,
): void {
  if (options.json) {
    terminal.result(JSON.stringify(run, undefined, 2))
    return
  }
  if (options.sql) {
    terminal.result(repairScript(run))
    return
  }
  const parts = [
    terminalReport(run, { since, now: context.now(), color: terminal.color, showIgnored: options['show-ignored'] }),
  ]
  if (slack.posted) parts.push('Slack was told.')
  else if (slack.message === null) parts.push('Slack: nothing new to tell.')
  else if (context.slackWebhook === null) {
    parts.push(`Slack would be told this (set SLACK_WEBHOOK_URL to have it sent):\n\n${slackText(slack.message)}`)
  }
  if (metricsFile !== null) parts.push(`Metrics: ${metricsFile}`)
  terminal.result(parts.join('\n'))
}
