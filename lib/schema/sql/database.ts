import { facts, type CatalogQuery } from './catalog-query.ts'
import { shownOptions } from './hidden-values.ts'

type DatabaseRow = { settings: string[] | null; comment: string | null }

/** The database's own settings (`ALTER DATABASE … SET`) and comment. Its name, encoding and locale are the server's affair: scratch has others. */
export const database: CatalogQuery<DatabaseRow> = {
  sql: `SELECT ${shownOptions('s.setconfig')} AS settings, comment.description AS comment
   FROM pg_catalog.pg_database b
   LEFT JOIN pg_catalog.pg_db_role_setting s ON s.setdatabase = b.oid AND s.setrole = 0
   LEFT JOIN pg_catalog.pg_shdescription comment ON comment.objoid = b.oid AND comment.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
   WHERE b.datname = pg_catalog.current_database()`,
  object: (row) => ({ class: 'database', name: 'itself', path: ['itself'], attributes: facts(row) }),
}
