import { HOME_OWNER, LEDGER } from './home-owner.ts'

/**
 * What a replay must know of the server: every role but its own, whose names start with `pg_` (manual, 21.5); what the role that the
 * migrations run as is called and may do; which settings its sessions begin with, those that count last (postinit.c, process_settings); and, for
 * level-homes.ts, whose the database is, where no ledger tells who deploys. It runs after {@link FIND_HOME_OWNER}.
 */
export const DEPLOYER = `SELECT
  ARRAY(SELECT r.rolname::text FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_' ORDER BY r.rolname) AS roles,
  (SELECT pg_catalog.json_build_object('name', o.rolname,
      'attributes', pg_catalog.array_remove(ARRAY[CASE WHEN o.rolsuper THEN 'SUPERUSER' END, CASE WHEN o.rolcreaterole THEN 'CREATEROLE' END,
        CASE WHEN o.rolcreatedb THEN 'CREATEDB' END, CASE WHEN o.rolbypassrls THEN 'BYPASSRLS' END], NULL),
      'memberOf', ARRAY(SELECT m.rolname::text FROM pg_catalog.pg_roles m WHERE m.rolname !~ '^pg_' AND m.oid <> o.oid
        AND NOT o.rolsuper AND pg_catalog.pg_has_role(o.oid, m.oid, 'MEMBER') ORDER BY m.rolname))
    FROM pg_catalog.pg_roles o WHERE o.oid = ${HOME_OWNER}) AS deployer,
  ARRAY(SELECT pg_catalog.unnest(s.setconfig) FROM pg_catalog.pg_db_role_setting s
    WHERE s.setrole IN (0, ${HOME_OWNER})
      AND s.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
    ORDER BY s.setrole <> 0, s.setdatabase <> 0) AS settings,
  (SELECT pg_catalog.pg_get_userbyid(d.datdba) FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
    AND NOT EXISTS (${LEDGER})) AS "databaseOwner"`
