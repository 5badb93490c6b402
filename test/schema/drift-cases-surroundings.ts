// Cases of what surrounds a schema: rights, settings, publications, foreign servers.
import { changed, missing, unexpected, type DriftCase } from './drift-cases.ts'

/** One change each, by hand, of what {@link ONE_OF_SURROUNDINGS} brings: what it must be told as. */
export const SURROUNDING_CASES: DriftCase[] = [
  changed('REVOKE SELECT ON around.books FROM pg_monitor', 'role pg_monitor', 'warning', {
    says: 'may not SELECT on table around.books in production, though it may in the migrations',
  }),
  changed('GRANT UPDATE ON around.books TO pg_monitor', 'role pg_monitor', 'info', {
    says: 'may UPDATE on table around.books in production, but not in the migrations',
  }),
  changed('GRANT SELECT ON around.titles TO pg_monitor WITH GRANT OPTION', 'role pg_monitor', 'info', {
    says: 'SELECT WITH GRANT OPTION',
  }),
  changed('REVOKE GRANT OPTION FOR SELECT ON around.loans FROM pg_read_all_data', 'role pg_read_all_data', 'warning'),
  changed('GRANT SELECT (title) ON around.books TO pg_read_all_stats', 'role pg_read_all_stats', 'warning', {
    says: 'may SELECT on column around.books.title',
  }),
  changed('GRANT SELECT ON around.books TO pg_read_all_stats', 'role pg_read_all_stats', 'warning'),
  changed('REVOKE UPDATE ("Größe") ON around.books FROM pg_read_all_stats', 'role pg_read_all_stats', 'warning'),
  unexpected('GRANT SELECT ON ALL TABLES IN SCHEMA app TO pg_read_server_files', 'role pg_read_server_files', 'info', {
    says: ' tables (',
  }),
  missing('REVOKE ALL ON around.loans FROM pg_read_all_data', 'role pg_read_all_data', 'warning'),
  changed('GRANT SELECT ON app.teams TO PUBLIC', 'role PUBLIC', 'warning', { says: 'may SELECT on table app.teams' }),
  changed('GRANT INSERT ON app.teams TO PUBLIC', 'role PUBLIC', 'critical'),
  changed('GRANT SELECT (email) ON app.users TO PUBLIC', 'role PUBLIC', 'warning'),
  changed('GRANT CREATE ON SCHEMA app TO PUBLIC', 'role PUBLIC', 'critical'),
  changed('GRANT CREATE ON SCHEMA public TO PUBLIC', 'role PUBLIC', 'info'),
  changed('GRANT EXECUTE ON FUNCTION around.secret() TO PUBLIC', 'role PUBLIC', 'warning', {
    says: 'may EXECUTE on function around.secret()',
  }),
  changed('REVOKE EXECUTE ON FUNCTION app.total FROM PUBLIC', 'role PUBLIC', 'warning', {
    says: 'may not EXECUTE on function app.total(integer, integer)',
  }),
  changed('GRANT EXECUTE ON PROCEDURE around.work(integer) TO pg_monitor', 'role pg_monitor', 'info'),
  changed('GRANT USAGE ON TYPE around.state TO PUBLIC', 'role PUBLIC', 'warning'),
  changed('REVOKE USAGE ON SEQUENCE around.numbers FROM pg_monitor', 'role pg_monitor', 'warning'),
  changed('GRANT SELECT ON SEQUENCE around.loans_id_seq TO pg_monitor', 'role pg_monitor', 'info'),
  changed('REVOKE USAGE ON SCHEMA around FROM pg_monitor', 'role pg_monitor', 'warning'),
  changed('REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC', 'role PUBLIC', 'warning'),
  changed('REVOKE USAGE ON FOREIGN SERVER library FROM pg_monitor', 'role pg_monitor', 'warning'),
  changed('GRANT USAGE ON FOREIGN DATA WRAPPER remote TO pg_monitor', 'role pg_monitor', 'info'),
  changed('REVOKE UPDATE ON around.books FROM CURRENT_USER', 'role its owner', 'warning', { offers: 'none' }),
  changed(
    `DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database()); END $$`,
    'role PUBLIC',
    'info',
  ),
  changed('ALTER DEFAULT PRIVILEGES IN SCHEMA around GRANT INSERT ON TABLES TO pg_monitor', 'role pg_monitor', 'info', {
    says: 'may INSERT on future tables in schema around',
  }),
  changed('ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', 'role PUBLIC', 'warning'),
  unexpected(
    'ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor GRANT USAGE ON SEQUENCES TO pg_checkpoint',
    'role pg_checkpoint',
    'info',
    { says: 'future sequences made by pg_monitor' },
  ),
  unexpected('ALTER TABLE app.teams OWNER TO pg_checkpoint', 'role pg_checkpoint', 'info', {
    says: 'owns table app.teams in production, but not in the migrations',
    offers: 'adopt',
  }),
  unexpected('ALTER FUNCTION app.total OWNER TO pg_checkpoint', 'role pg_checkpoint', 'info', { offers: 'adopt' }),
  unexpected('ALTER TYPE app.mood OWNER TO pg_checkpoint', 'role pg_checkpoint', 'info', { offers: 'adopt' }),
  unexpected('ALTER SCHEMA around OWNER TO pg_checkpoint', 'role pg_checkpoint', 'info', { offers: 'adopt' }),
  unexpected('ALTER COLLATION app.plain OWNER TO pg_checkpoint', 'role pg_checkpoint', 'info', { offers: 'adopt' }),
  missing('ALTER TABLE around.foreign_owned OWNER TO CURRENT_USER', 'role pg_signal_backend', 'info', {
    says: 'does not own table around.foreign_owned',
    offers: 'database',
  }),

  changed(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''3s''', current_database()); END $$`,
    'database itself',
    'info',
    { says: 'SET statement_timeout=3s in production, no SET in the migrations' },
  ),
  changed(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = app, "Odd", ''''', current_database()); END $$`,
    'database itself',
    'warning',
  ),
  changed(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', current_database()); END $$`,
    'database itself',
    'critical',
  ),
  changed(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET app.jwt_secret = ''hush''', current_database()); END $$`,
    'database itself',
    'info',
    { says: 'SET app.jwt_secret=(hidden)', offers: 'none' },
  ),
  changed(
    `DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS ''ours''', current_database()); END $$`,
    'database itself',
    'info',
  ),

  changed('ALTER PUBLICATION books DROP TABLE around.loans', 'publication books', 'warning'),
  changed('ALTER PUBLICATION books ADD TABLE app.teams', 'publication books', 'warning'),
  changed(
    'ALTER PUBLICATION books SET TABLE around.books (id, title) WHERE (id > 11), around.loans',
    'publication books',
    'warning',
    { says: 'id > 11' },
  ),
  changed(
    'ALTER PUBLICATION books SET TABLE around.books (id, title, price) WHERE (id > 10), around.loans',
    'publication books',
    'warning',
  ),
  changed(`ALTER PUBLICATION books SET (publish = 'insert')`, 'publication books', 'warning'),
  changed('ALTER PUBLICATION books SET (publish_generated_columns = stored)', 'publication books', 'warning', {
    since: 18,
  }),
  changed('ALTER PUBLICATION books SET (publish_via_partition_root)', 'publication books', 'warning'),
  changed('ALTER PUBLICATION all_around ADD TABLES IN SCHEMA app', 'publication all_around', 'warning'),
  changed('COMMENT ON PUBLICATION books IS NULL', 'publication books', 'info'),
  missing('DROP PUBLICATION books', 'publication books', 'warning'),
  unexpected('CREATE PUBLICATION everything FOR ALL TABLES', 'publication everything', 'info'),
  unexpected(
    `CREATE SUBSCRIPTION follow CONNECTION 'host=nowhere password=hush' PUBLICATION b, a WITH (connect = false, slot_name = NONE)`,
    'subscription follow',
    'warning',
    { says: `CONNECTION '(hidden)' PUBLICATION "a", "b"`, offers: 'none' },
  ),

  changed(`ALTER FOREIGN DATA WRAPPER remote OPTIONS (SET debug 'off')`, 'foreign data wrapper remote', 'warning'),
  unexpected('CREATE FOREIGN DATA WRAPPER other', 'foreign data wrapper other', 'warning'),
  changed(`ALTER SERVER library OPTIONS (SET host 'd')`, 'server library', 'warning'),
  changed(`ALTER SERVER library OPTIONS (SET host 'c', ADD port '1', DROP dbname)`, 'server library', 'warning', {
    offers: 'database',
  }),
  changed(`ALTER SERVER library VERSION '3'`, 'server library', 'warning'),
  changed('COMMENT ON SERVER library IS NULL', 'server library', 'info'),
  changed(`ALTER SERVER library OPTIONS (ADD passfile 'hush')`, 'server library', 'warning', {
    says: 'passfile=(hidden)',
    offers: 'none',
  }),
  unexpected('CREATE USER MAPPING FOR pg_monitor SERVER library', 'user mapping pg_monitor on library', 'warning', {
    offers: 'database',
  }),
  missing('DROP USER MAPPING FOR PUBLIC SERVER library', 'user mapping PUBLIC on library', 'warning', {
    offers: 'adopt',
  }),
  changed(
    `ALTER FOREIGN TABLE around.old_books OPTIONS (SET relation 'books')`,
    'foreign table around.old_books',
    'warning',
  ),
  changed(
    'ALTER FOREIGN TABLE around.old_books ADD COLUMN year integer',
    'foreign table around.old_books',
    'critical',
    {},
  ),
  changed(
    'ALTER FOREIGN TABLE around.old_books ALTER title DROP DEFAULT',
    'foreign table around.old_books',
    'critical',
    {},
  ),
  changed('COMMENT ON COLUMN around.old_books.title IS NULL', 'foreign table around.old_books', 'info', {}),
  missing('DROP FOREIGN TABLE around.old_books', 'foreign table around.old_books', 'critical'),
  unexpected('CREATE FOREIGN TABLE around.more (id integer) SERVER library', 'foreign table around.more', 'warning'),
  unexpected(
    `INSERT INTO pg_catalog.pg_seclabel VALUES ('app.users'::regclass, 'pg_catalog.pg_class'::regclass, 0, 'guard', 'high')`,
    'security label guard on table app.users',
    'warning',
    { says: `SECURITY LABEL FOR "guard" ON table app.users IS 'high'`, offers: 'none' },
  ),
]
