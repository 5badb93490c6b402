// How each fact about history is told to a person.
import type { LedgerName } from '../config/config.ts'
import { finding, type Finding } from '../finding.ts'
import { count, firstFew } from '../words.ts'
import type { Folder, Migration } from './folder.ts'
import { isoTime } from './iso-time.ts'
import { describeLedger, type Ledger } from './ledger.ts'
import type { MatchedRow } from './match-rows.ts'

/** Names of two environments; the findings belong to the downstream one. */
export type Between = { upstream: string; downstream: string }

export function edited(environment: string, { row, label, state, migration }: MatchedRow, again: boolean): Finding {
  const what =
    state === 'endings'
      ? `only the line endings of the file differ from what was applied to ${environment}`
      : `the file was changed after it was applied to ${environment}`
  return finding(environment, 'ledger.edited', {
    subject: subject(label),
    severity: state === 'endings' ? 'warning' : 'critical',
    summary: `${label}: ${what}${again ? ', and its time or name too: Drizzle will run it again' : ''}`,
    expected: `hash ${migration?.hash}`,
    actual: `hash ${row.hash}`,
  })
}

export function repeated(environment: string, { label }: MatchedRow): Finding {
  return finding(environment, 'ledger.unknown', {
    subject: subject(label),
    severity: 'warning',
    summary: `${environment} records ${label} more than once: it ran again, or two deploys raced`,
  })
}

export function unknownRow(environment: string, { row, label }: MatchedRow, folder: Folder): Finding {
  const newest = folder.migrations.reduce((latest, { when }) => Math.max(latest, when), -Infinity)
  const newer = row.createdAt !== null && row.createdAt > newest
  const made = row.createdAt === null ? '' : ` (made ${isoTime(row.createdAt)})`
  return finding(environment, 'ledger.unknown', {
    subject: subject(label),
    summary:
      `${label}${made} was applied to ${environment} but is not in the folder` +
      (newer ? `, which ends before it: ${laterFolder(folder)}` : ''),
    actual: `hash ${row.hash}`,
  })
}

/** How the check comes to the folder of the deployed version. */
function laterFolder({ origin }: Folder): string {
  const source = origin?.source ?? 'local'
  switch (source) {
    case 'published':
      return 'publish that of the deployed version (raingauge publish)'
    case 'bundled':
      return 'publish that of the deployed version (raingauge publish), or deploy the stack again with it'
    case 'local':
      return 'is the folder that of the deployed version?'
    default:
      return source satisfies never
  }
}

export function squashed(environment: string, ledger: Ledger, folder: Folder, rows: MatchedRow[]): Finding {
  const all = rows.length === ledger.rows.length
  return finding(environment, 'ledger.unknown', {
    subject: { class: 'ledger', name: describeLedger(ledger.name) },
    summary:
      `none of the ${all ? '' : 'oldest '}${count(rows.length, 'migration')} that ${environment} records is in the folder, ` +
      `which begins with ${folder.migrations[0]?.tag}: it was squashed, or is another project's`,
    actual: firstFew(rows.map(({ label }) => label)),
  })
}

export function pending(environment: string, { tag }: Migration): Finding {
  return finding(environment, 'ledger.pending', {
    subject: subject(tag),
    summary: `${tag} is not applied to ${environment} yet`,
  })
}

export function runsAgain(environment: string, { label, row, migration }: MatchedRow): Finding {
  return finding(environment, 'ledger.pending', {
    subject: subject(label),
    severity: 'warning',
    summary: `${label} is applied to ${environment}, but its time or name in the folder is another by now: Drizzle will run it again`,
    expected: `${row.tag ?? label}, when ${row.createdAt}`,
    actual: `${label}, when ${migration?.when}`,
  })
}

export function skipped(environment: string, { tag, when }: Migration, ledger: Ledger): Finding {
  const newest = ledger.rows.reduce((latest, { createdAt }) => Math.max(latest, createdAt ?? -Infinity), -Infinity)
  return finding(environment, 'ledger.skipped', {
    subject: subject(tag),
    summary: `${tag} was never applied to ${environment}, and Drizzle will never run it: one as new or newer is applied already`,
    expected: `when later than ${newest} (${isoTime(newest)})`,
    actual: `when ${when} (${isoTime(when)})`,
  })
}

export function ahead({ upstream, downstream }: Between, { row, label }: MatchedRow): Finding {
  return finding(downstream, 'ledger.ahead', {
    subject: subject(label),
    summary: `${label} was applied to ${downstream} but not to ${upstream}, which comes before it`,
    actual: `hash ${row.hash}`,
  })
}

export function diverged(
  { upstream, downstream }: Between,
  above: MatchedRow,
  below: MatchedRow,
  endingsOnly: boolean,
): Finding {
  return finding(downstream, 'ledger.diverged', {
    subject: subject(below.label),
    severity: endingsOnly ? 'warning' : 'critical',
    summary: endingsOnly
      ? `${below.label}: ${downstream} and ${upstream} applied it with different line endings`
      : `${below.label}: ${downstream} applied another text than ${upstream} did in the same place`,
    expected: `hash ${above.row.hash}`,
    actual: `hash ${below.row.hash}`,
  })
}

export function behind(
  { upstream, downstream }: Between,
  ledger: LedgerName,
  missing: MatchedRow[],
  above: MatchedRow[],
  below: MatchedRow[],
): Finding {
  const tags = missing.map(({ label }) => label)
  const head = below.at(-1)
  return finding(downstream, 'ledger.behind', {
    subject: { class: 'ledger', name: describeLedger(ledger) },
    summary:
      `${downstream} is ${count(tags.length, 'migration')} behind ${upstream}: ${firstFew(tags)} ` +
      `(${upstream} is at ${above.at(-1)?.label}, ${downstream} ${head === undefined ? 'has none' : `at ${head.label}`})`,
    expected: `${count(above.length, 'migration')} applied, also ${tags.join(', ')}`,
    actual: `${count(below.length, 'migration')} applied`,
  })
}

function subject(name: string): Finding['subject'] {
  return { class: 'migration', name }
}
