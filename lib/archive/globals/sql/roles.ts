import { NEEDED_ROLES } from './needed-roles.ts'

export type RoleRow = {
  name: string
  attributes: string[]
  limit: number
  until: string | null
  comment: string | null
}

/** Roles with what CREATE ROLE says of them; passwords are not for everybody to read, and are not asked for. */
export const ROLES = `${NEEDED_ROLES}
SELECT r.rolname AS name, ARRAY[
    CASE WHEN r.rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END, CASE WHEN r.rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
    CASE WHEN r.rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
    CASE WHEN r.rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END, CASE WHEN r.rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,
    CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END] AS attributes,
  r.rolconnlimit AS limit, r.rolvaliduntil::pg_catalog.text AS until, pg_catalog.shobj_description(r.oid, 'pg_authid') AS comment
FROM needed JOIN pg_catalog.pg_roles r ON r.oid = needed.oid ORDER BY r.rolname`
