import type { DriftCase } from './drift-cases.ts'

/** What pg_dump prints and nothing else had told: found by the changes of ddl-mutations.ts. */
export const PROOF_CASES: DriftCase[] = [
  changed(`COMMENT ON COLUMN app.happy.email IS 'x'`, 'view app.happy', 'info'),
  changed(`ALTER VIEW app.happy ALTER COLUMN email SET DEFAULT 'x'`, 'view app.happy', 'warning'),
  changed(`COMMENT ON COLUMN app.sizes.total IS 'x'`, 'materialized view app.sizes', 'info'),
  changed(
    'ALTER MATERIALIZED VIEW app.sizes ALTER COLUMN total SET STATISTICS 50',
    'materialized view app.sizes',
    'info',
    'adopt',
  ),
  changed(`COMMENT ON CONSTRAINT has_at ON DOMAIN app.email IS 'x'`, 'domain app.email', 'info'),
  changed(`COMMENT ON COLUMN app.address.street IS 'x'`, 'composite type app.address', 'info'),
  changed('ALTER INDEX app.teams_name_key SET (fillfactor = 60)', 'constraint app.teams.teams_name_key', 'info'),
  changed(`COMMENT ON INDEX app.teams_name_key IS 'x'`, 'constraint app.teams.teams_name_key', 'info'),
  changed(
    'ALTER FUNCTION app.total(integer, integer) SUPPORT pg_catalog.generate_series_int4_support',
    'function app.total(integer, integer)',
    'info',
  ),
]

function changed(
  change: string,
  subject: string,
  severity: DriftCase['severity'],
  offers?: DriftCase['offers'],
): DriftCase {
  return { change, kind: 'schema.changed', subject, severity, ...(offers === undefined ? {} : { offers }) }
}
