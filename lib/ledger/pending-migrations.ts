// What Drizzle's migrator would run next.
import type { Folder, Migration } from './folder.ts'
import type { Ledger } from './ledger.ts'
import { matchRows } from './match-rows.ts'

/**
 * In 0.x, whatever is later than the newest `created_at` of the ledger, applied or not (drizzle-orm 0.45.4 `dialect.js`, `migrate`).
 * In 1.x, whatever has no row of its name. Where the ledger lacks what that rule needs, whatever has no row at all.
 */
export function pendingMigrations(ledger: Ledger, folder: Folder): Migration[] {
  switch (folder.layout) {
    case 'journal': {
      const times = ledger.rows.flatMap(({ createdAt }) => createdAt ?? [])
      if (times.length < ledger.rows.length) return matchRows(ledger, folder).unapplied
      const newest = times.reduce((latest, time) => Math.max(latest, time), -Infinity)
      return folder.migrations.filter(({ when }) => when > newest)
    }
    case 'folders': {
      if (ledger.rows.some(({ tag }) => tag === null)) return matchRows(ledger, folder).unapplied
      const names = new Set(ledger.rows.map(({ tag }) => tag))
      return folder.migrations.filter(({ tag }) => !names.has(tag))
    }
    default:
      return folder.layout satisfies never
  }
}
