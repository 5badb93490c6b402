// The Slack message of a run, in Block Kit. Limits: docs.slack.dev/reference/block-kit/blocks and /messaging/formatting-message-text.
import type { Notice } from '../incident/state.ts'
import type { Run } from '../run.ts'
import { count } from '../words.ts'
import { fleetWords } from './fleet-words.ts'
import { printable, shorten } from './printable.ts'
import { duration, moment } from './quantity.ts'
import { escapeSlack, listText, markdown, quote, type Markdown } from './slack-markup.ts'
import { groupsOf, groupText, iconOf, WORDS } from './slack-notice.ts'
import { placeName, placesOf, tally } from './tally.ts'

/** What a webhook takes. `text` is what notifications and screen readers get. */
export type SlackMessage = { text: string; blocks: SlackBlock[] }

export type SlackBlock =
  | { type: 'header'; text: { type: 'plain_text'; text: string; emoji: true } }
  | { type: 'section'; text: Markdown }
  | { type: 'context'; elements: Markdown[] }

export type SlackOptions = {
  now: Date
  /** Make a message even when there is nothing new to tell: to show it to a person who asked. */
  always?: boolean
  /** What went wrong around the run and must be said, one line each; beside `run.problems`. */
  remarks?: readonly string[]
}

const MOST_HEADER = 150
/** Slack takes 50; header, state and context need some, and nobody reads 50. */
const MOST_SECTIONS = 20

/**
 * One message for everything that a run has to tell; null when no answer changed and nothing else must be said. Stays within Slack's
 * limits whatever the run holds. Nothing in a database's names can mention anybody, make a link or break out of its line.
 */
export function slackMessage(run: Run, notices: readonly Notice[], options: SlackOptions): SlackMessage | null {
  const remarks = [...run.problems, ...(options.remarks ?? [])]
  if (notices.length === 0 && remarks.length === 0 && options.always !== true) return null
  const title = headline(run, notices, remarks.length)
  const groups = groupsOf(notices)
  const sections = groups.slice(0, MOST_SECTIONS).map((group) => groupText(group, options.now))
  if (groups.length > MOST_SECTIONS) sections.push(`…and ${groups.length - MOST_SECTIONS} more groups`)
  if (remarks.length > 0) sections.push(listText('*Could not be done*', remarks.map(quote)))
  const blocks: SlackBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: shorten(title, MOST_HEADER), emoji: true } },
    ...sections.map((text): SlackBlock => ({ type: 'section', text: markdown(text) })),
    { type: 'section', text: markdown(stateText(run)) },
    { type: 'context', elements: [markdown(contextText(run))] },
  ]
  return { text: escapeSlack(shorten(title, MOST_HEADER)), blocks }
}

function headline(run: Run, notices: readonly Notice[], remarks: number): string {
  const told = (what: Notice['what']): Notice[] => notices.filter((notice) => notice.what === what)
  const parts = (['opened', 'changed', 'reminded', 'resolved'] as const)
    .filter((what) => told(what).length > 0)
    .map((what) => `${told(what).length} ${WORDS[what].title.toLowerCase()}`)
  if (remarks > 0) parts.push(`${remarks} could not be done`)
  const places = [...new Set(notices.map(({ incident }) => placeName(incident.environment)))].join(', ')
  const critical = notices.filter(
    ({ what, incident }) => what !== 'resolved' && incident.severity === 'critical',
  ).length
  const icon = notices.length === 0 && remarks > 0 ? '🟠' : iconOf(notices)
  return [
    `${icon} ${run.project}: ${run.fleet === undefined ? '' : `${fleetWords(run.fleet)}; `}${parts.join(', ') || 'nothing new'}`,
    places === '' || run.fleet !== undefined ? '' : ` in ${places}`,
    critical === 0 ? '' : ` (${critical} critical)`,
  ].join('')
}

function stateText(run: Run): string {
  const lines = placesOf(run.verdicts).map(({ environment, verdicts }) => {
    const checks = verdicts.map((verdict) => {
      const { critical, warning } = tally([verdict])
      if (verdict.status === 'unknown') return `${verdict.check} could not be checked`
      return `${verdict.check} ${verdict.status === 'clean' ? 'clean' : count(critical + warning, 'finding')}`
    })
    return `${escapeSlack(printable(placeName(environment)))}: ${checks.join(', ')}`
  })
  if (run.fleet !== undefined) lines.push(`every database by name: ${quote(run.fleet.document)}`)
  return listText('*Now*', lines)
}

/** Slack shows the time in the reader's own zone. */
function contextText(run: Run): string {
  const started = new Date(run.startedAt)
  const local = `<!date^${Math.floor(started.getTime() / 1000)}^{date_short_pretty} {time}|${moment(started)}>`
  return `${run.job} of ${escapeSlack(printable(run.project))} · ${local} · took ${duration(run.durationMs)} · Raingauge ${escapeSlack(printable(run.raingauge))}`
}
