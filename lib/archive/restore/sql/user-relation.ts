/** One relation that a person made and no extension owns, if there is any. */
export const USER_RELATION = `
SELECT pg_catalog.format('%s.%s', n.nspname, c.relname) AS name
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
WHERE c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,f,m,v,S}'::pg_catalog."char"[])
  AND n.nspname OPERATOR(pg_catalog.<>) 'information_schema'
  AND n.nspname OPERATOR(pg_catalog.!~) '^pg_'
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.objid OPERATOR(pg_catalog.=) c.oid AND d.deptype OPERATOR(pg_catalog.=) 'e')
ORDER BY 1
LIMIT 1`
