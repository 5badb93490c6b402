/** Ends those of the sessions ($1) that are still ours. */
export const END_SESSIONS = `
SELECT pg_catalog.pg_terminate_backend(a.pid) FROM pg_catalog.pg_stat_activity a
WHERE a.pid OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.int4[])
  AND a.usename OPERATOR(pg_catalog.=) CURRENT_USER AND a.application_name OPERATOR(pg_catalog.=) 'raingauge'
  AND a.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()`
