// What the grants of a database depend on.

/** A ledger that is there. */
export type LedgerFacts = {
  schema: string
  table: string
  /** Row security holds for whoever does not own it. */
  rowSecurity: boolean
}

/** What one database says; every role that may connect can read it. */
export type GrantFacts = {
  database: string
  /** Such as 17. */
  major: number
  ledgers: LedgerFacts[]
  /** Schemas that are not the server's own. */
  schemas: string[]
  /** Roles that own something in them, or the database, and so may make more. */
  owners: string[]
  /** Tables with row security, as `schema.table`. */
  guarded: string[]
  largeObjects: number
  subscriptions: number
  /** Schemas in which everybody may make objects: no role can be kept from that by itself. */
  openSchemas: string[]
  /** Tables that everybody may read or write, as `schema.table`. */
  openTables: string[]
}
