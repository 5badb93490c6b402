import { NEEDED_ROLES } from './needed-roles.ts'

export type SettingRow = { role: string | null; database: string | null; setting: string }

/** What ALTER ROLE … SET and ALTER DATABASE … SET hold for these roles and this database, each as `name=value`. */
export const SETTINGS = `${NEEDED_ROLES}
SELECT r.rolname AS role, d.datname AS database, setting.of AS setting
FROM pg_catalog.pg_db_role_setting s CROSS JOIN here CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) setting (of)
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
WHERE s.setdatabase IN (0, here.oid) AND (s.setrole = 0 AND s.setdatabase <> 0 OR s.setrole IN (SELECT oid FROM needed))
ORDER BY 2 NULLS FIRST, 1 NULLS FIRST, 3`
