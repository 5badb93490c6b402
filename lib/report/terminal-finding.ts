import type { Finding, Ignored, Severity } from '../finding.ts'
import { ADVICE } from './advice.ts'
import { paragraph, type Paint, type Style } from './paint.ts'
import { printable, printableLines } from './printable.ts'

/** What every part of the terminal report is drawn with. */
export type Canvas = {
  paint: Paint
  width: number
  now: Date
  since: ReadonlyMap<string, Date>
  runStart: Date
  showIgnored: boolean
}

const LABEL: Record<Severity, { text: string; style: Style }> = {
  critical: { text: 'CRITICAL', style: 'red' },
  warning: { text: 'warning ', style: 'yellow' },
  info: { text: 'note    ', style: 'dim' },
}

const INDENT = ' '.repeat(6)
const DETAIL = ' '.repeat(16)

/** A finding as lines: what and where, since when, expected and actual, what to do. `since` is already worded. */
export function findingLines(finding: Finding, since: string | null, canvas: Canvas): string[] {
  const { paint, width } = canvas
  const label = LABEL[finding.severity]
  const [head = '', ...rest] = paragraph(`${INDENT}${label.text}  `, printable(finding.summary), width)
  const lines = [head.replace(label.text, paint(label.style, label.text)), ...rest]
  if (since !== null) lines.push(DETAIL + paint('dim', since))
  lines.push(...sideLines('expected', finding.expected, paint), ...sideLines('actual', finding.actual, paint))
  return [...lines, ...whatToDo(finding, canvas)]
}

/** What rules left out, where it is asked for: one line each, and why. */
export function ignoredLines(ignored: readonly Ignored[], { paint, width, showIgnored }: Canvas): string[] {
  if (!showIgnored) return []
  return ignored.flatMap(({ finding, reason, expires }) => {
    const until = expires === undefined ? '' : `, until ${expires}`
    return [
      ...paragraph(`${INDENT}ignored   `, printable(finding.summary), width),
      ...paragraph(DETAIL, printable(`because: ${reason}${until}`), width),
    ].map((line) => paint('dim', line))
  })
}

function sideLines(name: string, text: string | undefined, paint: Paint): string[] {
  if (text === undefined || text === '') return []
  return printableLines(text).map(
    (line, index) => `${DETAIL}${paint('dim', (index === 0 ? name : '').padEnd(9))} ${line}`,
  )
}

function whatToDo(finding: Finding, { paint, width }: Canvas): string[] {
  if (finding.severity === 'info') return []
  const { database, adopt, hazards = [], hazardsOf } = finding.repair ?? {}
  if (database === undefined && adopt === undefined) {
    return paragraph(`${DETAIL}→ `, ADVICE[finding.kind], width)
  }
  const beware = (words: readonly string[]): string[] =>
    words.flatMap((hazard) => paragraph(`${DETAIL}! `, printable(hazard), width)).map((line) => paint('yellow', line))
  return [
    ...beware(hazardsOf === undefined ? hazards : hazardsOf.database),
    ...sqlLines('→ to make the database match:', database),
    ...beware(hazardsOf === undefined ? [] : hazardsOf.adopt),
    ...sqlLines(database === undefined ? '→ to adopt it in a migration:' : '→ or adopt it in a migration:', adopt),
  ]
}

function sqlLines(title: string, sql: string | undefined): string[] {
  return sql === undefined ? [] : [DETAIL + title, ...printableLines(sql).map((line) => `${DETAIL}    ${line}`)]
}
