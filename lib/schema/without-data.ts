// Migrations that lean on rows which an application put in between two of them: a scratch database has none of those.
import pg from 'pg'
import { transactionEnd } from '../ledger/transaction-control.ts'
import { codeOf } from '../postgres/classify-error.ts'
import { send, type Send } from './run-migration.ts'

/**
 * True for what a server refuses for the rows that there are, or are not (manual, appendix A): classes 22 and 23, and P0, which a body raises
 * by itself, as `RAISE EXCEPTION` and `INTO STRICT` do.
 */
export function failsForRows(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(?:2[23]|P0)/.test(codeOf(error) ?? '')
}

const ABOUT_ROWS = /^\s*(?:INSERT|UPDATE|DELETE|MERGE|SELECT|WITH|DO)\b/i
const CHANGES_SCHEMA =
  /\b(?:CREATE|ALTER|DROP|GRANT|REVOKE|COMMENT\s+ON|SECURITY\s+LABEL|REASSIGN|REFRESH|EXECUTE|CALL)\b/i
const QUOTED_OR_COMMENT = /--[^\n]*|\/\*[^]*?\*\/|'[^']*'|"[^"]*"/g

/** True for a chunk that only asks for rows, or changes them. Bodies in dollar quotes are looked into. */
function isAboutRows(chunk: string): boolean {
  const text = chunk.replaceAll(QUOTED_OR_COMMENT, ' ')
  return ABOUT_ROWS.test(text) && !CHANGES_SCHEMA.test(text)
}

/**
 * Sends chunks so that rows do not matter: one that is only about rows is left out where it fails for them, any other finds all tables but
 * the ledger emptied. What comes of it is only known to be right where it is what is there.
 */
export function sendWithoutData(ledgerTable: string): Send {
  return async (client, statement) => {
    if (client.getTransactionStatus() !== 'T' || transactionEnd(statement) !== null) {
      return await send(client, statement)
    }
    await client.query('SAVEPOINT raingauge_rows')
    try {
      await send(client, statement)
    } catch (error) {
      if (!failsForRows(error)) throw error
      await client.query('ROLLBACK TO raingauge_rows')
      if (!isAboutRows(statement)) {
        await client.query(emptyTables(ledgerTable))
        await send(client, statement)
      }
    }
    await client.query('RELEASE raingauge_rows')
  }
}

function emptyTables(ledgerTable: string): string {
  return `DO $empty$ DECLARE names text; BEGIN
    SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.relname), ', ') INTO names
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND n.nspname !~ '^pg_'
        AND c.oid <> pg_catalog.to_regclass(${pg.escapeLiteral(ledgerTable)});
    IF names IS NOT NULL THEN EXECUTE 'TRUNCATE ' || names || ' CASCADE'; END IF;
  END $empty$`
}
