// Why nobody can say whether a schema is right, with what to do about it.
import type { Finding } from '../finding.ts'
import type { Folder } from '../ledger/folder.ts'
import { describeLedger, type LedgerRow } from '../ledger/ledger.ts'
import { describeTarget } from '../postgres/target.ts'
import { qualifiedName, type Catalog } from '../schema/catalog.ts'
import { extensionRemedy } from '../scratch/choose-road.ts'
import { listed, count } from '../words.ts'
import type { Look } from './look.ts'

/** Never "everything was dropped": nobody could act on such a list, and it may be the wrong database that was asked. */
export function emptiedWords(environment: string, { target, ledger }: Look, tables: number): string {
  return (
    `${describeTarget(target)} has the ledger ${describeLedger(ledger.name)}, and none of the ${tables} tables that it says were made ` +
    `(check the database name in the URL of ${environment}; if it was emptied, restore the newest archive: raingauge restore)`
  )
}

/** The extensions that are told as unexpected, and that the migrations would have made on a server that can have them. */
export function lackingOf({ lacking = [] }: Catalog, findings: readonly Finding[]): string[] {
  const told = new Set(findings.flatMap(({ subject }) => (subject.class === 'extension' ? [subject.name] : [])))
  return lacking.filter((name) => told.has(qualifiedName([name])))
}

/** What they brought, and what migrations made with it, would all be told as unexpected. */
export function lackingWords(environment: string, lacking: readonly string[]): string {
  return `no scratch Postgres has ${listed(lacking)}, which ${environment} has and the migrations make where they can (${extensionRemedy(lacking)})`
}

/** What the ledger says was applied is of no file. */
export function unprovenRows(unproven: readonly LedgerRow[], { origin }: Pick<Folder, 'origin'>): string {
  const hashes = unproven.map((row) => row.tag ?? row.hash.slice(0, 12))
  const how = (origin?.source ?? 'local') === 'local' ? '' : ' (raingauge publish)'
  return (
    `what the ledger says was applied is not in the folder (${hashes.slice(0, 5).join(', ')}${hashes.length > 5 ? ', …' : ''}), ` +
    `so nobody can say what the schema should be (bring the folder of the deployed version${how}, or mend the ledger)`
  )
}

/** Files were edited, and what they build by now is not what is there. */
export function editedWords(edited: readonly LedgerRow[], differences: number): string {
  return (
    `${count(edited.length, 'migration')} of the folder changed after being applied, and the schema differs in ${count(differences, 'place')} ` +
    `from what the folder builds by now, ` +
    `so nobody can say which of the two is right (bring back the text that was applied; raingauge compare FOLDER URL shows the places)`
  )
}
