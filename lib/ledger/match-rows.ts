// Which row of a ledger is which migration of the folder.
import type { Folder, Migration } from './folder.ts'
import type { Ledger, LedgerRow } from './ledger.ts'
import { pairUp, type PairingRule } from './pair-up.ts'

export type MatchedRow = {
  row: LedgerRow
  /** What to call it: the tag of the folder, else that of the table, else the start of the hash. */
  label: string
  /**
   * `applied`: the file is what was applied. `endings`: but for its line endings. `edited`: the file is another by now.
   * `repeated`: a row for the same text counts already. `unknown`: nothing in the folder.
   */
  state: 'applied' | 'endings' | 'edited' | 'repeated' | 'unknown'
  /** null only where it is unknown, or repeats what is. */
  migration: Migration | null
}

/** Every row of the ledger, in its order, and the migrations of the folder that have none. */
export function matchRows(ledger: Ledger, folder: Folder): { rows: MatchedRow[]; unapplied: Migration[] } {
  const pairs = pairUp(ledger.rows, folder.migrations, rulesOf(folder))
  const byHash = new Map<string, Migration | null>()
  for (const [row, { right }] of pairs) byHash.set(row.hash, right)
  const rows = ledger.rows.map((row): MatchedRow => {
    const migration = pairs.get(row)?.right
    if (migration !== undefined) {
      return { row, label: migration.tag, state: stateOf(row, migration, folder), migration }
    }
    const repeated = byHash.get(row.hash)
    if (repeated === undefined) byHash.set(row.hash, null)
    return {
      row,
      label: repeated?.tag ?? row.tag ?? row.hash.slice(0, 12),
      state: repeated === undefined ? 'unknown' : 'repeated',
      migration: repeated ?? null,
    }
  })
  const applied = new Set([...pairs.values()].map(({ right }) => right))
  return { rows, unapplied: folder.migrations.filter((migration) => !applied.has(migration)) }
}

/** True where the hash is that of the migration's text, whatever its line endings. */
export function isTextOf(hash: string, migration: Migration, folder: Folder): boolean {
  return hash === migration.hash || (folder.otherEndings[migration.hash] ?? []).includes(hash)
}

/** The hash is what was run, so it comes first: two placeholders may have the same text, hence the time with it. */
function rulesOf({ layout }: Folder): PairingRule<LedgerRow, Migration>[] {
  // Drizzle 1.x knows the second only; a ledger that it took over from 0.x has the milliseconds still.
  const moment = (ms: number | null) => (ms === null || layout === 'journal' ? ms : Math.floor(ms / 1000))
  const hashAndMoment = (hash: string, ms: number | null) => `${hash} ${moment(ms)}`
  return [
    { left: (row) => hashAndMoment(row.hash, row.createdAt), right: ({ hash, when }) => hashAndMoment(hash, when) },
    { left: (row) => row.hash, right: (migration) => migration.hash },
    { left: (row) => row.tag, right: (migration) => migration.tag },
    { left: (row) => moment(row.createdAt), right: (migration) => moment(migration.when) },
  ]
}

function stateOf(row: LedgerRow, migration: Migration, folder: Folder): MatchedRow['state'] {
  if (row.hash === migration.hash) return 'applied'
  return isTextOf(row.hash, migration, folder) ? 'endings' : 'edited'
}
