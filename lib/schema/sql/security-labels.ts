import { anyRow, facts, type CatalogQuery } from './catalog-query.ts'

type SecurityLabelRow = { provider: string; type: string; name: string; label: string }

/** Security labels (pg_seclabel), and those of the database itself (pg_shseclabel). Large objects are data, other shared objects the server's. */
export const securityLabels: CatalogQuery<SecurityLabelRow> = {
  inUse: `(${anyRow('pg_seclabel')} OR ${anyRow('pg_shseclabel')})`,
  sql: `SELECT s.provider, i.type, i.identity AS name, s.label
   FROM pg_catalog.pg_seclabel s, LATERAL pg_catalog.pg_identify_object(s.classoid, s.objoid, s.objsubid) i
   WHERE i.identity IS NOT NULL AND s.classoid <> 'pg_catalog.pg_largeobject'::pg_catalog.regclass
   UNION ALL
   SELECT s.provider, 'database', 'itself', s.label FROM pg_catalog.pg_shseclabel s JOIN pg_catalog.pg_database b ON b.oid = s.objoid
   WHERE s.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass AND b.datname = pg_catalog.current_database()`,
  object: ({ provider, type, name, label }) => ({
    class: 'security label',
    name: `${provider} on ${type} ${name}`,
    path: [provider, type, name],
    attributes: facts({ label }),
  }),
}
