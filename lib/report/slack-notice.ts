// One notice, and a group of them, in the words of the Slack message.
import type { Notice } from '../incident/state.ts'
import { ADVICE } from './advice.ts'
import { printable } from './printable.ts'
import { duration } from './quantity.ts'
import { escapeSlack, listText, quote } from './slack-markup.ts'
import { placeName } from './tally.ts'

export const WORDS: Record<Notice['what'], { title: string; order: number }> = {
  opened: { title: 'New', order: 0 },
  changed: { title: 'Changed', order: 1 },
  reminded: { title: 'Still open', order: 2 },
  resolved: { title: 'Resolved', order: 3 },
}

/** Red for critical news, green where all is over, orange for the rest. */
export function iconOf(notices: readonly Notice[]): string {
  const open = notices.filter(({ what }) => what !== 'resolved')
  if (open.some(({ what, incident }) => what !== 'reminded' && incident.severity === 'critical')) return '🔴'
  return open.length > 0 ? '🟠' : '🟢'
}

export type Group = { what: Notice['what']; environment: string | null; notices: Notice[] }

/** What happened, by environment: new things first. */
export function groupsOf(notices: readonly Notice[]): Group[] {
  const groups = Map.groupBy(notices, ({ what, incident }) => `${what} ${incident.environment ?? ''}`)
  return [...groups.values()]
    .map((own) => ({ what: own[0]!.what, environment: own[0]!.incident.environment, notices: worstFirst(own) }))
    .toSorted((a, b) => WORDS[a.what].order - WORDS[b.what].order)
}

function worstFirst(notices: readonly Notice[]): Notice[] {
  const rank = { critical: 0, warning: 1, info: 2 }
  return notices.toSorted((a, b) => rank[a.incident.severity] - rank[b.incident.severity])
}

export function groupText({ what, environment, notices }: Group, now: Date): string {
  // What hinders one check, such as a server that is down, often hinders all: said once, with all their names.
  const alike = Map.groupBy(notices, ({ incident: { kind, id, summary } }) => (kind === 'unknown' ? summary : id))
  return listText(
    `${iconOf(notices)} *${WORDS[what].title} in ${escapeSlack(printable(placeName(environment)))}*`,
    [...alike.values()].map((same) => noticeText(same, now)),
  )
}

/** `same` are of one kind; only for unknown are they several. */
function noticeText(same: readonly Notice[], now: Date): string {
  const notice = same[0]!
  const { incident } = notice
  const checks = same.map((each) => each.incident.check).join(' and ')
  const age = duration(now.getTime() - Date.parse(incident.firstSeen))
  const isUnknown = incident.kind === 'unknown'
  const what = isUnknown ? `could not check ${checks}: ${quote(incident.summary)}` : quote(incident.summary)
  const severity = incident.severity === 'critical' ? '*CRITICAL* ' : ''
  switch (notice.what) {
    case 'opened':
      return `${severity}${what}${incident.kind === 'unknown' ? '' : `\n      → ${escapeSlack(ADVICE[incident.kind])}`}`
    case 'changed':
      return `${severity}${what}${wasText(notice)}, open for ${age}`
    case 'reminded':
      return `${severity}${what}, open for ${age}`
    case 'resolved':
      return isUnknown ? `${checks} can be checked again, after ${age}` : `${what}, was open for ${age}`
    default:
      return notice satisfies never
  }
}

function wasText({ incident, before }: Extract<Notice, { what: 'changed' }>): string {
  return incident.severity === before.severity ? '' : ` (was ${before.severity})`
}
