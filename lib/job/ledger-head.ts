import type { Folder } from '../ledger/folder.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { LedgerHead } from '../run.ts'

/** The head of a ledger; its tag is found through the folder where the table has none. */
export function ledgerHead(environment: string, ledger: Ledger, folder: Folder | null): LedgerHead {
  const newest = ledger.rows.at(-1)
  const tagInFolder = folder?.migrations.find((migration) => migration.hash === newest?.hash)?.tag
  return {
    environment,
    applied: ledger.rows.length,
    newest: newest === undefined ? null : { tag: newest.tag ?? tagInFolder ?? null, hash: newest.hash },
  }
}
