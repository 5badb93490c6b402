/** Everything that a repair may bring with it, as `name: words`. The names are listed in docs/schema-check.md. */
export const HAZARD = {
  dataLoss: 'data loss: what is stored there is gone',
  columnLoss: 'data loss: the indexes and constraints of the column go with it',
  cascade: 'data loss: all that is in it goes, and whatever elsewhere uses it',
  comesBackEmpty: 'data loss: it comes back empty, bring the rows from an archive',
  loginLoss: 'data loss: the login that is kept there is gone',
  narrows: 'data loss: what the type cannot hold is rounded or cut off',
  crashLoss: 'data loss: from then on a crash empties it, and no standby has its rows',
  rewrite: 'table rewrite: under an ACCESS EXCLUSIVE lock',
  scan: 'long lock: reads the whole table under an ACCESS EXCLUSIVE lock, and fails where a row is in the way',
  blocksWrites: 'long lock: blocks writes to the table while the index is built',
  validates: 'long scan: reads the whole table without blocking writes, and fails where a row breaks it',
  shortLock: 'short lock: needs an ACCESS EXCLUSIVE lock for a moment, set lock_timeout',
  noTransaction: 'not in a transaction: run each statement by itself',
  oneTransaction: 'one transaction: run the statements together, so that nobody sees the state between them',
  dependents: 'dependents: fails while other objects depend on it; grants on it are lost',
  columnUsers: 'dependents: fails where a value does not fit the type, or a view, rule or policy uses the column',
  leanedOn: 'dependents: fails while a foreign key leans on it',
  otherName: 'dependents: whatever still uses the other name fails from then on',
  subscribers: 'dependents: subscribers must refresh',
  rowsInTheWay: 'rows: fails where rows break it',
  duplicates: 'rows: fails where there are duplicates',
  noDefault: 'rows: fails where the table has rows, NOT NULL without a default',
  hidesRows: 'access: hides every row that no policy shows',
  showsRows: 'access: shows every row to whoever may read the table',
  otherRows: 'access: changes who sees which rows',
  otherRights: 'access: it runs with the rights of somebody else from then on',
  rowsLeave: 'access: its rows are no longer seen in the table that it was a part of',
  roles: 'access: the role must be there; rights that others than the owner granted stay',
  permanent: 'permanent: an enum value cannot be taken away again, nor used in the transaction that adds it',
  sequenceStart: 'values: the sequence starts at its START, set it past the values in use',
  countLoss: 'values: how far it has counted is gone',
  timeZone: 'values: depend on the TimeZone of the session that runs it',
  installed: 'server: must have the extension installed',
  walLevel: 'server: needs wal_level = logical for anybody to subscribe',
  newSessions: 'sessions: holds for those that start after it',
} as const

/** Those that keep a repair out of a transaction with others. */
export const ALONE: readonly string[] = [HAZARD.noTransaction, HAZARD.permanent]

export type Hazard = (typeof HAZARD)[keyof typeof HAZARD]
