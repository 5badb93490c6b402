/**
 * One thing that a person made in this database and no extension owns, if there is any: relations first, then functions, types, large
 * objects, schemas other than public. Objects of the cluster (roles, tablespaces) do not count.
 */
export const USER_OBJECT = `
WITH own AS (
  SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
  WHERE n.nspname OPERATOR(pg_catalog.<>) 'information_schema' AND n.nspname OPERATOR(pg_catalog.!~) '^pg_'),
found AS (
  SELECT 1 AS rank, 'pg_catalog.pg_class'::pg_catalog.regclass AS class, c.oid, pg_catalog.format('%s.%s', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class c JOIN own n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
  WHERE c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,f,m,v,S}'::pg_catalog."char"[])
  UNION ALL
  SELECT 2, 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, pg_catalog.format('function %s.%s', n.nspname, p.proname)
  FROM pg_catalog.pg_proc p JOIN own n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
  UNION ALL
  SELECT 3, 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, pg_catalog.format('type %s.%s', n.nspname, t.typname)
  FROM pg_catalog.pg_type t JOIN own n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
  WHERE t.typtype OPERATOR(pg_catalog.=) ANY ('{d,e,r}'::pg_catalog."char"[])
  UNION ALL
  SELECT 4, 'pg_catalog.pg_largeobject_metadata'::pg_catalog.regclass, l.oid, pg_catalog.format('large object %s', l.oid)
  FROM pg_catalog.pg_largeobject_metadata l
  UNION ALL
  SELECT 5, 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid, pg_catalog.format('schema %s', n.nspname)
  FROM own n WHERE n.nspname OPERATOR(pg_catalog.<>) 'public')
SELECT f.name FROM found f
WHERE NOT EXISTS (
  SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid OPERATOR(pg_catalog.=) f.class AND d.objid OPERATOR(pg_catalog.=) f.oid AND d.deptype OPERATOR(pg_catalog.=) 'e')
ORDER BY f.rank, f.name
LIMIT 1`
