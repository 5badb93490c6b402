// The same thing in many databases, told once.
import { createHash } from 'node:crypto'
import { FLEET } from '../../config/fleet-config.ts'
import { finding, type Finding } from '../../finding.ts'
import type { Outcome } from './documents.ts'

/** More are nobody's reading. */
export const MOST_GROUPS = 100

/** Of databases in a line for people, and in the detail of a finding. */
const NAMED = 3
const LISTED = 20

/** One finding for each thing that any of them has, what most have first. It changes when other databases have it. */
export function groupFindings(outcomes: readonly Outcome[], databases: number): Finding[] {
  const pairs = outcomes.flatMap(({ name, findings }) => findings.map((each) => ({ name, each })))
  return [...Map.groupBy(pairs, ({ each }) => each.id).values()]
    .toSorted((a, b) => b.length - a.length || (a[0]!.each.id < b[0]!.each.id ? -1 : 1))
    .map((group) => {
      const { each } = group[0]!
      const names = group.map(({ name }) => name)
      const actual = each.actual === undefined ? '' : `${each.actual}; `
      return {
        ...each,
        summary: `${each.summary}: ${share(names, databases)}`,
        actual: `${actual}in ${list(names, LISTED)}`,
      }
    })
}

/**
 * One finding for each reason why databases could not be looked at. Of ten thousand, some are always down for a moment, and each time others:
 * it changes when there are ten times as many.
 */
export function unseenFindings(blind: readonly Outcome[], databases: number): Finding[] {
  return [...Map.groupBy(blind, ({ unknown }) => unknown ?? '')].map(([reason, group]) => {
    const names = group.map(({ name }) => name)
    const id = createHash('sha256').update(reason).digest('hex').slice(0, 12)
    return finding(FLEET, 'ledger.unseen', {
      subject: { class: 'database', name: id },
      summary: `could not be looked at: ${share(names, databases)}: ${reason}`,
      expected: `fewer than ${10 ** String(names.length).length}`,
    })
  })
}

function share(names: readonly string[], databases: number): string {
  return `${names.length} of ${databases.toLocaleString('en-US')} databases (${list(names, NAMED)})`
}

function list(names: readonly string[], most: number): string {
  const shown = names
    .toSorted()
    .slice(0, most)
    .map((name) => (name.length > 60 ? `${name.slice(0, 59)}…` : name))
  return names.length <= most ? shown.join(', ') : `${shown.join(', ')} and ${names.length - most} more`
}
