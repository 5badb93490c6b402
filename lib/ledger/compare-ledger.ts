// Is the history right: each ledger against the folder, and against the environment before it.
import type { Finding } from '../finding.ts'
import type { Folder, Migration } from './folder.ts'
import type { Ledger } from './ledger.ts'
import * as findings from './ledger-findings.ts'
import { isTextOf, matchRows, type MatchedRow } from './match-rows.ts'
import { pairUp, type PairingRule } from './pair-up.ts'
import { pendingMigrations } from './pending-migrations.ts'

export type EnvironmentLedger = { environment: string; ledger: Ledger }

/** What the folder says of one environment: `ledger.edited`, `.unknown`, `.skipped`, `.pending`, one for each migration. */
export function compareWithFolder(environment: string, ledger: Ledger, folder: Folder): Finding[] {
  const { rows, unapplied } = matchRows(ledger, folder)
  const squashed = squashedRows(rows, unapplied, folder)
  const willRun = new Set(pendingMigrations(ledger, folder))
  const ofRow = (matched: MatchedRow): Finding[] => {
    const again = matched.migration !== null && willRun.has(matched.migration)
    switch (matched.state) {
      case 'applied':
        return again ? [findings.runsAgain(environment, matched)] : []
      case 'endings':
      case 'edited':
        return [findings.edited(environment, matched, again)]
      case 'repeated':
        return [findings.repeated(environment, matched)]
      case 'unknown':
        return [findings.unknownRow(environment, matched, folder)]
      default:
        return matched.state satisfies never
    }
  }
  return [
    ...(squashed.length === 0 ? [] : [findings.squashed(environment, ledger, folder, squashed)]),
    ...rows.filter((each) => !squashed.includes(each)).flatMap(ofRow),
    ...unapplied.map((each) =>
      willRun.has(each) ? findings.pending(environment, each) : findings.skipped(environment, each, ledger),
    ),
  ]
}

/**
 * What the environment before it says of an environment: `ledger.behind` (one, with all that is missing), `.ahead` and `.diverged`
 * (one for each migration). The folder only lends the tags. All belong to the downstream environment.
 */
export function compareEnvironments(
  upstream: EnvironmentLedger,
  downstream: EnvironmentLedger,
  folder: Folder,
): Finding[] {
  const between = { upstream: upstream.environment, downstream: downstream.environment }
  const above = matchRows(upstream.ledger, folder).rows.filter(({ state }) => state !== 'repeated')
  const below = matchRows(downstream.ledger, folder).rows.filter(({ state }) => state !== 'repeated')
  const pairs = pairUp(below, above, SAME_MIGRATION)
  const shared = new Set([...pairs.values()].map(({ right }) => right))
  const missing = above.filter((each) => !shared.has(each))
  const ofRow = (matched: MatchedRow): Finding[] => {
    const partner = pairs.get(matched)?.right
    if (partner === undefined) return [findings.ahead(between, matched)]
    if (partner.row.hash === matched.row.hash) return []
    return [findings.diverged(between, partner, matched, sameText(partner, matched, folder))]
  }
  return [
    ...below.flatMap(ofRow),
    ...(missing.length === 0 ? [] : [findings.behind(between, downstream.ledger.name, missing, above, below)]),
  ]
}

/** The same text first, then the same place: two environments that disagree about a place have diverged there. */
const SAME_MIGRATION: PairingRule<MatchedRow, MatchedRow>[] = [
  sameKey(({ row }) => `${row.hash} ${row.createdAt}`),
  sameKey(({ row }) => row.hash),
  sameKey(({ label }) => label),
  sameKey(({ row }) => row.createdAt),
]

function sameKey(key: (each: MatchedRow) => string | number | null): PairingRule<MatchedRow, MatchedRow> {
  return { left: key, right: key }
}

function sameText(one: MatchedRow, other: MatchedRow, folder: Folder): boolean {
  const isBoth = (each: Migration) => isTextOf(one.row.hash, each, folder) && isTextOf(other.row.hash, each, folder)
  return folder.migrations.some(isBoth)
}

/** Nothing is known of the oldest rows, and the folder begins with what was never applied: one fact, not one for each row. */
function squashedRows(rows: MatchedRow[], unapplied: Migration[], folder: Folder): MatchedRow[] {
  const firstKnown = rows.findIndex(({ state }) => state !== 'unknown')
  const oldest = firstKnown === -1 ? rows : rows.slice(0, firstKnown)
  const [first] = folder.migrations
  return oldest.length > 1 && first !== undefined && unapplied.includes(first) ? oldest : []
}
