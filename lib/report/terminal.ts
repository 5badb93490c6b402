// The report a person wants at nine in the morning: what is wrong, where, since when, what to do.
import type { Verdict } from '../finding.ts'
import { unknownId } from '../incident/incident.ts'
import type { LedgerHead, Run } from '../run.ts'
import { count } from '../words.ts'
import { fleetWords } from './fleet-words.ts'
import { painter, paragraph, type Style } from './paint.ts'
import { printable } from './printable.ts'
import { duration, moment } from './quantity.ts'
import { groupsOf, placeName, placesOf, tally, type Group, type Place } from './tally.ts'
import { archiveLines } from './terminal-archive.ts'
import { findingLines, ignoredLines, type Canvas } from './terminal-finding.ts'

export type TerminalOptions = {
  /** When each open incident was first seen: see `sinceOf` in lib/incident. */
  since: ReadonlyMap<string, Date>
  now: Date
  color: boolean
  /** Tells what rules left out one by one, with their reasons, instead of counting it. */
  showIgnored?: boolean
  /** Columns that prose is broken at; SQL and paths never are. Default 100. */
  width?: number
}

const MARK: Record<Verdict['status'], { text: string; style: Style }> = {
  clean: { text: '✓', style: 'green' },
  findings: { text: '✗', style: 'red' },
  unknown: { text: '?', style: 'magenta' },
}

/**
 * The whole report, worst first, ending in one line that sums up and a newline. Nothing in a database's names can act on the terminal:
 * controls and invisible characters are written out.
 */
export function terminalReport(run: Run, options: TerminalOptions): string {
  const { since, now, color, width = 100, showIgnored = false } = options
  const canvas: Canvas = { paint: painter(color), width, now, since, showIgnored, runStart: new Date(run.startedAt) }
  const { paint } = canvas
  const lines = [
    `${paint('bold', `Raingauge: ${printable(run.project)}`)}  ${paint('dim', `${run.job} · ${moment(new Date(run.startedAt))} · took ${duration(run.durationMs)}`)}`,
    ...(run.fleet === undefined
      ? []
      : [`${fleetWords(run.fleet)}  ${paint('dim', `by name in ${printable(run.fleet.document)}`)}`]),
    ...folderLines(run, canvas),
    '',
    ...placesOf(run.verdicts).flatMap((place) => placeLines(place, run.ledgers, canvas)),
    ...archiveLines(run.archives, canvas),
    ...problemLines(run.problems, canvas),
    ...noteLines(run.notes ?? [], canvas),
    summaryLine(run, canvas),
  ]
  return `${lines.join('\n')}\n`
}

/** The folder at hand goes without saying. */
function folderLines({ folder }: Run, { paint }: Canvas): string[] {
  if (folder === undefined || folder.source === 'local') return []
  const what = folder.tag === null ? 'without a migration' : `up to ${printable(folder.tag)}`
  return [paint('dim', `migrations: ${folder.source}${folder.id === null ? '' : ` ${folder.id}`}, ${what}`)]
}

function placeLines(place: Place, ledgers: readonly LedgerHead[], canvas: Canvas): string[] {
  const { paint } = canvas
  const head = ledgers.find(({ environment }) => environment === place.environment)
  const title = paint('bold', placeName(place.environment))
  return [
    head === undefined ? title : `${title}  ${paint('dim', describeHead(head))}`,
    ...place.verdicts.flatMap((verdict, index) => verdictLines(verdict, place.verdicts[index - 1], canvas)),
    '',
  ]
}

function describeHead({ applied, newest }: LedgerHead): string {
  if (newest === null) return 'no migration applied'
  return `${count(applied, 'migration')} applied, newest ${printable(newest.tag ?? newest.hash.slice(0, 12))}`
}

function verdictLines(verdict: Verdict, above: Verdict | undefined, canvas: Canvas): string[] {
  const { paint } = canvas
  const mark = MARK[verdict.status]
  const start = `  ${mark.text} ${verdict.check.padEnd(8)} `
  const painted = `  ${paint(mark.style, mark.text)} ${verdict.check.padEnd(8)} `
  const [first = '', ...rest] = paragraph(start, statusWords(verdict, above, canvas), canvas.width)
  return [
    painted + first.slice(start.length),
    ...rest,
    ...groupsOf(verdict.findings).flatMap((group) => groupLines(group, canvas)),
    ...ignoredLines(verdict.ignored ?? [], canvas),
  ]
}

/** Findings of one table under a line that names it; one alone names it itself. */
function groupLines({ table, findings }: Group, canvas: Canvas): string[] {
  const lines = findings.flatMap((each) => findingLines(each, sinceWords(each.id, canvas), canvas))
  if (table === null || findings.length === 1) return lines
  const title = `${printable(`${table.class} ${table.name}`)}: ${count(findings.length, 'finding')}`
  return [`      ${canvas.paint('bold', title)}`, ...lines.map((line) => `  ${line}`)]
}

function statusWords(verdict: Verdict, above: Verdict | undefined, canvas: Canvas): string {
  const { critical, warning, info } = tally([verdict])
  const found = critical + warning
  const left = verdict.ignored?.length ?? 0
  const leftOut = left === 0 ? '' : `, ${left} ignored`
  switch (verdict.status) {
    case 'clean':
      return (info === 0 ? 'clean' : `clean, ${count(info, 'note')}`) + leftOut
    case 'findings':
      return count(found, 'finding') + leftOut
    case 'unknown': {
      // A finding with the same words, such as a failed backup, stands right below.
      if (verdict.findings.some(({ summary }) => summary === verdict.reason)) return 'could not be done'
      const since = sinceWords(unknownId(verdict.check, verdict.environment), canvas)
      const when = since === null ? '' : ` (${since})`
      const besides = found === 0 ? '' : `${count(found, 'finding')} besides; `
      const isAsAbove = above?.status === 'unknown' && above.reason === verdict.reason
      const why = isAsAbove ? `as ${above.check}` : printable(verdict.reason ?? 'no reason given')
      return `${besides}could not check${when}: ${why}`
    }
    default:
      return verdict.status satisfies never
  }
}

/** null where nothing is remembered, so that nothing false is said. */
function sinceWords(id: string, { since, now, runStart }: Canvas): string | null {
  const first = since.get(id)
  if (first === undefined) return null
  return first >= runStart
    ? 'new in this run'
    : `since ${moment(first)}, ${duration(now.getTime() - first.getTime())} ago`
}

function problemLines(problems: readonly string[], { paint, width }: Canvas): string[] {
  if (problems.length === 0) return []
  const lines = problems.flatMap((problem) => paragraph('  ? ', printable(problem), width))
  return [paint('bold', 'Could not be done'), ...lines, '']
}

function noteLines(notes: readonly string[], { paint, width }: Canvas): string[] {
  if (notes.length === 0) return []
  const lines = notes.flatMap((note) => paragraph('  · ', printable(note), width))
  return [paint('bold', 'Left to others'), ...lines, '']
}

function summaryLine(run: Run, { paint }: Canvas): string {
  const { critical, warning, unknown, checks } = tally(run.verdicts)
  const undone = run.problems.length
  if (critical + warning + unknown + undone === 0) {
    return checks === 0
      ? paint(['bold', 'yellow'], 'Nothing was checked.')
      : paint(['bold', 'green'], `All clean: ${count(checks, 'check')}.`)
  }
  const parts = [
    critical === 0 ? '' : `${critical} critical`,
    warning === 0 ? '' : count(warning, 'warning'),
    unknown === 0 ? '' : `${count(unknown, 'check')} could not be done`,
    undone === 0 ? '' : count(undone, 'other problem'),
  ].filter((part) => part !== '')
  const clean = run.verdicts.filter(({ status }) => status === 'clean').length
  return paint(
    ['bold', critical > 0 ? 'red' : 'yellow'],
    `${parts.join(', ')}; ${clean} of ${count(checks, 'check')} clean.`,
  )
}
