import { createHash } from 'node:crypto'
import type { Manifest } from '../archive/manifest.ts'
import type { Folder } from '../ledger/folder.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { matchRows } from '../ledger/match-rows.ts'
import type { LedgerHead } from '../run.ts'

/** The head of a ledger; its tag is found through the folder where the table has none. */
export function ledgerHead(environment: string, ledger: Ledger, folder: Folder | null): LedgerHead {
  const newest = ledger.rows.at(-1)
  const label = folder === null ? newest?.tag : matchRows(ledger, folder).rows.at(-1)?.label
  return {
    environment,
    applied: ledger.rows.length,
    newest: newest === undefined ? null : { tag: label ?? null, hash: newest.hash },
  }
}

/** A ledger in short, as an archive's manifest records it; `sha256` is over its rows in order. */
export function ledgerDigest(ledger: Ledger): NonNullable<Manifest['ledger']> {
  const newest = ledger.rows.at(-1)
  const rows = ledger.rows.map(({ id, hash, createdAt }) => [id, hash, createdAt])
  return {
    count: rows.length,
    sha256: createHash('sha256').update(JSON.stringify(rows)).digest('hex'),
    newest: newest === undefined ? null : { tag: newest.tag, hash: newest.hash },
  }
}
