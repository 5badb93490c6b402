// What a ledger proves was applied: the history that a replay may build on.
import type { Folder, Migration } from './folder.ts'
import type { Ledger, LedgerRow } from './ledger.ts'
import { isTextOf, matchRows } from './match-rows.ts'

/**
 * `applied`: the migrations whose text the ledger proves, in its order, each once. One whose file has other line endings now has the
 * hash of what was applied, and `readStatements` gives that very text. `unproven`: rows whose text nobody has any more.
 */
export function appliedMigrations(ledger: Ledger, folder: Folder): { applied: Migration[]; unproven: LedgerRow[] } {
  const applied = new Map<Migration, Migration>()
  const unproven: LedgerRow[] = []
  for (const { row, state, migration } of matchRows(ledger, folder).rows) {
    if (state === 'edited' || state === 'unknown') unproven.push(row)
    // A migration that ran twice has the place of its first run: the ones after it were built on that.
    else if (migration !== null && !applied.has(migration) && isTextOf(row.hash, migration, folder)) {
      applied.set(migration, { ...migration, hash: row.hash })
    }
  }
  return { applied: [...applied.values()], unproven }
}
