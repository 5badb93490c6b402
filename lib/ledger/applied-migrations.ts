// What a ledger proves was applied: the history that a replay may build on.
import type { Folder, Migration } from './folder.ts'
import type { Ledger, LedgerRow } from './ledger.ts'
import { isTextOf, matchRows } from './match-rows.ts'

export type AppliedMigrations = {
  applied: Migration[]
  /** How many of them, one after the other, each transaction recorded: Drizzle runs all that is pending in one. */
  deploys: number[]
  unproven: LedgerRow[]
  asEdited: Migration[] | null
}

/**
 * `applied`: the migrations whose text the ledger proves, in its order, each once. One whose file has other line endings now has the
 * hash of what was applied, and `readStatements` gives that very text. `unproven`: rows whose text nobody has any more.
 * `asEdited`: the same history with the text that files have by now where they were edited; null where a row is of no file.
 */
export function appliedMigrations(ledger: Ledger, folder: Folder): AppliedMigrations {
  const applied = new Map<Migration, Migration>()
  const asEdited = new Map<Migration, Migration>()
  const unproven: LedgerRow[] = []
  const deploys: number[] = []
  let deploy: string | undefined
  const matched = matchRows(ledger, folder).rows
  for (const { row, state, migration } of matched) {
    if (state === 'edited' || state === 'unknown') {
      unproven.push(row)
      if (migration !== null) asEdited.set(migration, migration)
    }
    // A migration that ran twice has the place of its first run: the ones after it were built on that.
    else if (migration !== null && !applied.has(migration) && isTextOf(row.hash, migration, folder)) {
      applied.set(migration, { ...migration, hash: row.hash })
      asEdited.set(migration, { ...migration, hash: row.hash })
      if (deploy !== undefined && row.transaction === deploy) deploys.push((deploys.pop() ?? 0) + 1)
      else deploys.push(1)
      deploy = row.transaction
    }
  }
  const isWhole = matched.every(({ state }) => state !== 'unknown')
  return { applied: [...applied.values()], deploys, unproven, asEdited: isWhole ? [...asEdited.values()] : null }
}
