/**
 * The start of each query here: `needed` holds the roles that something in this database belongs to or names (pg_shdepend), its owner,
 * those with settings of their own in it, the server's first superuser, on whom nothing depends by record, and all that are members of
 * one another with these. Everybody may read the catalogs it uses.
 */
export const NEEDED_ROLES = `
WITH RECURSIVE here AS (
  SELECT oid, datdba FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
), needed AS (
  SELECT role.oid FROM (
    SELECT d.refobjid FROM pg_catalog.pg_shdepend d, here
      WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
        AND (d.dbid = here.oid OR d.classid = 'pg_catalog.pg_database'::pg_catalog.regclass AND d.objid = here.oid)
    UNION SELECT datdba FROM here
    UNION SELECT s.setrole FROM pg_catalog.pg_db_role_setting s JOIN here ON s.setdatabase = here.oid
    UNION SELECT oid FROM pg_catalog.pg_roles WHERE oid < 16384
  ) x (oid) JOIN pg_catalog.pg_roles role ON role.oid = x.oid WHERE role.rolname !~ '^pg_'
  UNION
  SELECT role.oid FROM needed n
    JOIN pg_catalog.pg_auth_members m ON n.oid IN (m.roleid, m.member)
    JOIN pg_catalog.pg_roles role ON role.oid IN (m.roleid, m.member) AND role.oid <> n.oid
    WHERE role.rolname !~ '^pg_'
)`
