// Cases of partitions: what they have from their table is told with the table, once.
import { changed, missing, unexpected, type DriftCase } from './drift-cases.ts'

/** One change each, by hand, of the partitioned table of {@link ONE_OF_STRUCTURE}. */
export const PARTITION_CASES: DriftCase[] = [
  missing('DROP INDEX app.logs_kind', 'index app.logs_kind', 'warning'),
  unexpected('CREATE INDEX logs_id_kind ON app.logs (id, kind)', 'index app.logs_id_kind', 'warning'),
  changed('DROP INDEX app.logs_kind; CREATE INDEX logs_kind ON app.logs (kind DESC)', 'index app.logs_kind', 'warning'),
  missing('ALTER TABLE app.logs DROP CONSTRAINT logs_pkey', 'constraint app.logs.logs_pkey', 'critical'),
  missing('ALTER TABLE app.logs DROP CONSTRAINT logs_source_fk', 'constraint app.logs.logs_source_fk', 'critical'),
  missing('ALTER TABLE app.logs DROP CONSTRAINT logs_id_check', 'constraint app.logs.logs_id_check', 'critical'),
  changed(
    `ALTER TABLE app.logs DROP CONSTRAINT logs_source_fk,
      ADD CONSTRAINT logs_source_fk FOREIGN KEY (source) REFERENCES app.sources ON DELETE CASCADE`,
    'constraint app.logs.logs_source_fk',
    'critical',
  ),
  missing('DROP TRIGGER logs_touch ON app.logs', 'trigger app.logs.logs_touch', 'critical'),
  changed('ALTER TABLE app.logs DISABLE TRIGGER logs_touch', 'trigger app.logs.logs_touch', 'critical'),
  unexpected('ALTER TABLE app.logs ADD COLUMN extra integer', 'column app.logs.extra', 'warning'),
  changed('ALTER TABLE app.logs ALTER COLUMN kind SET NOT NULL', 'column app.logs.kind', 'warning'),
  changed(`ALTER TABLE app.logs_2020 ALTER COLUMN kind SET DEFAULT 'x'`, 'column app.logs_2020.kind', 'warning'),
  changed('ALTER TABLE app.logs DETACH PARTITION app.logs_2020', 'table app.logs_2020', 'warning', {
    says: 'no parent table in production, INHERITS app.logs in the migrations',
  }),
  missing('DROP TABLE app.logs_2020', 'table app.logs_2020', 'critical'),
  missing('DROP TABLE app.logs', 'table app.logs', 'critical', { says: '3 tables' }),
]
