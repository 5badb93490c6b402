/** Every role but the server's own, whose names start with `pg_` (manual, 21.5). */
export const ROLES = `SELECT rolname AS name FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname`
