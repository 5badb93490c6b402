// Cases of what surrounds tables, and of their rarer settings.
import { changed, missing, unexpected, type DriftCase } from './drift-cases.ts'

/** One change each, by hand, of what {@link ONE_OF_STRUCTURE} brings: what it must be told as. */
export const STRUCTURE_CASES: DriftCase[] = [
  missing('DROP TYPE app.span', 'range type app.span', 'critical'),
  unexpected('CREATE TYPE app.reach AS RANGE (subtype = date)', 'range type app.reach', 'warning'),
  changed(
    'DROP TYPE app.span; CREATE TYPE app.span AS RANGE (subtype = double precision, multirange_type_name = app.spans)',
    'range type app.span',
    'critical',
    { says: 'no subtype diff in production, subtype diff float8mi in the migrations', offers: 'none' },
  ),
  changed(
    'DROP TYPE app.span; CREATE TYPE app.span AS RANGE (subtype = double precision, subtype_diff = float8mi)',
    'range type app.span',
    'critical',
    { says: 'multirange app.span_multirange', offers: 'none' },
  ),
  changed('ALTER TYPE app.raw SET (STORAGE = external)', 'base type app.raw', 'critical', {
    says: 'STORAGE external in production, STORAGE extended in the migrations',
    offers: 'none',
  }),

  missing('DROP AGGREGATE app.longest(text)', 'aggregate app.longest(text)', 'critical'),
  missing('DROP AGGREGATE app.rounds(*)', 'aggregate app.rounds(*)', 'critical'),
  missing(
    'DROP AGGREGATE app.middle(double precision ORDER BY anyelement)',
    'aggregate app.middle(double precision, anyelement)',
    'critical',
  ),
  unexpected(
    'CREATE AGGREGATE app.least(integer) (SFUNC = int4smaller, STYPE = integer)',
    'aggregate app.least(integer)',
    'warning',
  ),
  changed(
    'CREATE OR REPLACE AGGREGATE app.longest(text) (SFUNC = text_smaller, STYPE = text, COMBINEFUNC = text_larger, PARALLEL = SAFE)',
    'aggregate app.longest(text)',
    'critical',
    { says: 'sfunc text_smaller in production, sfunc text_larger in the migrations' },
  ),
  changed(
    `CREATE OR REPLACE AGGREGATE app.rounds(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '1')`,
    'aggregate app.rounds(*)',
    'critical',
    { says: 'initcond 1 in production, initcond 0 in the migrations' },
  ),

  missing('DROP OPERATOR app.!! (NONE, app.address)', 'operator app.!!(NONE, app.address)', 'critical'),
  unexpected(
    'CREATE OPERATOR app.<=> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4mi)',
    'operator app.<=>(integer, integer)',
    'warning',
  ),
  changed(
    'ALTER OPERATOR app.=== (app.address, app.address) SET (RESTRICT = eqsel)',
    'operator app.===(app.address, app.address)',
    'warning',
    { says: 'restrict eqsel in production, no restrict in the migrations' },
  ),
  missing('DROP OPERATOR CLASS app.backwards USING btree', 'operator class app.backwards USING btree', 'critical'),
  changed(
    `DROP OPERATOR CLASS app.backwards USING btree;
     CREATE OPERATOR CLASS app.backwards FOR TYPE integer USING btree FAMILY app.numbers AS
       OPERATOR 1 >, OPERATOR 3 =, OPERATOR 5 <, FUNCTION 1 int4mi(integer, integer)`,
    'operator class app.backwards USING btree',
    'critical',
    { offers: 'none' },
  ),
  missing('DROP OPERATOR FAMILY app.numbers USING btree', 'operator family app.numbers USING btree', 'critical'),
  unexpected(
    'CREATE OPERATOR CLASS app.sums FOR TYPE integer USING btree AS OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer)',
    'operator family app.sums USING btree',
    'warning',
    { says: 'in production (with 1 operator class)' },
  ),
  changed(
    `ALTER OPERATOR FAMILY app.numbers USING btree ADD OPERATOR 5 > (integer, bigint);
     ALTER OPERATOR FAMILY app.numbers USING btree DROP FUNCTION 1 (integer, bigint)`,
    'operator family app.numbers USING btree',
    'warning',
  ),

  missing('DROP CAST (app.address AS integer)', 'cast app.address AS integer', 'critical'),
  unexpected('CREATE CAST (text AS app.mood) WITH INOUT AS IMPLICIT', 'cast text AS app.mood', 'critical'),
  changed(
    `DROP CAST (app.address AS integer);
     CREATE CAST (app.address AS integer) WITH FUNCTION app.size(app.address) AS IMPLICIT`,
    'cast app.address AS integer',
    'critical',
    { says: 'AS IMPLICIT in production, AS ASSIGNMENT in the migrations' },
  ),
  missing('DROP TRANSFORM FOR app.address LANGUAGE sql', 'transform FOR app.address LANGUAGE sql', 'critical'),
  missing('DROP CONVERSION app.from_latin', 'conversion app.from_latin', 'critical'),
  changed(
    `DROP CONVERSION app.from_latin; CREATE DEFAULT CONVERSION app.from_latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8`,
    'conversion app.from_latin',
    'critical',
    { says: 'DEFAULT in production' },
  ),

  missing('DROP TEXT SEARCH PARSER app.words', 'text search parser app.words', 'critical'),
  missing('DROP TEXT SEARCH TEMPLATE app.simple', 'text search template app.simple', 'critical'),
  unexpected(
    'CREATE TEXT SEARCH DICTIONARY app.more (TEMPLATE = app.simple)',
    'text search dictionary app.more',
    'warning',
  ),
  changed(`ALTER TEXT SEARCH DICTIONARY app.terms (accept = false)`, 'text search dictionary app.terms', 'warning', {
    says: 'accept',
  }),
  missing('DROP TEXT SEARCH CONFIGURATION app.search', 'text search configuration app.search', 'critical'),
  changed(
    'ALTER TEXT SEARCH CONFIGURATION app.search DROP MAPPING FOR word',
    'text search configuration app.search',
    'warning',
  ),

  missing('DROP STATISTICS app.parts_stats', 'statistics object app.parts_stats', 'warning'),
  unexpected('CREATE STATISTICS app.more ON code, label FROM app.parts', 'statistics object app.more', 'info'),
  changed('ALTER STATISTICS app.parts_stats SET STATISTICS 500', 'statistics object app.parts_stats', 'info', {
    says: 'STATISTICS 500 in production, default statistics in the migrations',
  }),
  changed(
    'DROP STATISTICS app.parts_stats; CREATE STATISTICS app.parts_stats (mcv) ON code, region FROM app.parts',
    'statistics object app.parts_stats',
    'warning',
  ),
  missing('DROP COLLATION app.phonebook', 'collation app.phonebook', 'critical'),
  changed(
    `DROP COLLATION app.phonebook; CREATE COLLATION app.phonebook (PROVIDER = icu, LOCALE = 'de-u-co-phonebk')`,
    'collation app.phonebook',
    'critical',
    { says: 'deterministic in production, not deterministic in the migrations', offers: 'none' },
  ),
  missing('DROP LANGUAGE speech', 'language speech', 'critical'),
  changed('CREATE OR REPLACE TRUSTED LANGUAGE speech HANDLER app.speak', 'language speech', 'critical', {
    says: 'TRUSTED in production, not trusted in the migrations',
    offers: 'none',
  }),
  missing('DROP ACCESS METHOD pile', 'access method pile', 'critical'),

  missing('DROP RULE parts_keep ON app.parts', 'rule app.parts.parts_keep', 'critical'),
  unexpected('CREATE RULE silent AS ON INSERT TO app.teams DO INSTEAD NOTHING', 'rule app.teams.silent', 'critical'),
  changed(
    'CREATE OR REPLACE RULE parts_keep AS ON DELETE TO app.parts WHERE OLD.code < 99 DO INSTEAD NOTHING',
    'rule app.parts.parts_keep',
    'critical',
  ),
  changed('ALTER TABLE app.parts DISABLE RULE parts_keep', 'rule app.parts.parts_keep', 'critical', {
    says: 'disabled in production, enabled in the migrations',
  }),
  missing('DROP EVENT TRIGGER watch_drops', 'event trigger watch_drops', 'critical'),
  changed('ALTER EVENT TRIGGER watch_drops DISABLE', 'event trigger watch_drops', 'critical', {
    says: 'disabled in production, enabled in the migrations',
  }),
  changed(
    'DROP EVENT TRIGGER watch_drops; CREATE EVENT TRIGGER watch_drops ON sql_drop EXECUTE FUNCTION app.watch()',
    'event trigger watch_drops',
    'critical',
    { says: 'any tag in production' },
  ),

  changed('ALTER TABLE app.parts ALTER COLUMN label SET (n_distinct = 9)', 'column app.parts.label', 'info', {
    says: 'WITH (n_distinct=9) in production, WITH (n_distinct=5) in the migrations',
  }),
  changed(
    'ALTER TABLE app.special_parts ALTER COLUMN region SET COMPRESSION DEFAULT',
    'column app.special_parts.region',
    'info',
    {
      says: 'default compression in production, COMPRESSION pglz in the migrations',
    },
  ),
  changed(
    'DROP TABLE app.special_parts; CREATE TABLE app.special_parts (extra text, code integer) INHERITS (app.parts)',
    'column app.special_parts.code',
    'info',
    { says: 'also defined here in production, defined by the parent only in the migrations', offers: 'none' },
  ),
  changed('ALTER SEQUENCE app.parts_id_seq SET UNLOGGED', 'column app.parts.id', 'info', {
    says: 'identity sequence UNLOGGED in production, identity sequence kept as its table in the migrations',
  }),
  changed('ALTER TABLE app.parts SET (toast.autovacuum_enabled = true)', 'table app.parts', 'info', {
    says: 'toast.autovacuum_enabled=true',
  }),
  changed('ALTER TABLE app.places NOT OF', 'table app.places', 'warning'),
  changed('ALTER TABLE app.places SET ACCESS METHOD pile', 'table app.places', 'warning', {
    says: 'USING pile in production, access method heap in the migrations',
  }),
  changed('ALTER TABLE app.parts SET WITHOUT CLUSTER', 'constraint app.parts.parts_pkey', 'info'),
  changed(
    `UPDATE pg_catalog.pg_inherits SET inhdetachpending = true WHERE inhrelid = 'app.events_2026'::regclass`,
    'table app.events_2026',
    'warning',
    { says: 'DETACH PENDING in production', offers: 'none' },
  ),

  changed(
    'ALTER TABLE app.users ALTER CONSTRAINT users_team_fk DEFERRABLE',
    'constraint app.users.users_team_fk',
    'critical',
    {
      says: 'DEFERRABLE in production, NOT DEFERRABLE in the migrations',
    },
  ),
  changed(
    `ALTER TABLE app.parts DROP CONSTRAINT parts_code_key,
      ADD CONSTRAINT parts_code_key UNIQUE (code) INCLUDE (label) DEFERRABLE INITIALLY DEFERRED`,
    'constraint app.parts.parts_code_key',
    'critical',
    { says: 'UNIQUE NULLS NOT DISTINCT (code)' },
  ),
  changed(
    `ALTER TABLE app.parts DROP CONSTRAINT parts_code_key,
      ADD CONSTRAINT parts_code_key UNIQUE NULLS NOT DISTINCT (code) INCLUDE (label) DEFERRABLE`,
    'constraint app.parts.parts_code_key',
    'critical',
    { says: 'DEFERRABLE in production, DEFERRABLE INITIALLY DEFERRED in the migrations' },
  ),
  changed(
    `ALTER TABLE app.users DROP CONSTRAINT users_team_fk,
      ADD CONSTRAINT users_team_fk FOREIGN KEY (team_id) REFERENCES app.teams (id) MATCH FULL ON DELETE CASCADE`,
    'constraint app.users.users_team_fk',
    'critical',
    { says: 'MATCH FULL' },
  ),
  changed('ALTER INDEX app.parts_pkey SET (fillfactor = 60)', 'constraint app.parts.parts_pkey', 'info', {
    says: 'WITH (fillfactor=60) in production, WITH (fillfactor=80) in the migrations',
  }),
  changed(
    'ALTER TABLE app.parts REPLICA IDENTITY USING INDEX parts_pkey',
    'constraint app.parts.parts_pkey',
    'warning',
  ),
  changed('ALTER INDEX app.parts_label_idx SET (fastupdate = on)', 'index app.parts_label_idx', 'warning'),
  changed('ALTER INDEX app.parts_lower_idx ALTER COLUMN 1 SET STATISTICS 9', 'index app.parts_lower_idx', 'info', {
    says: 'STATISTICS 1: 9 in production, STATISTICS 1: 200 in the migrations',
  }),
  changed(
    'DROP INDEX app.parts_lower_idx; CREATE INDEX parts_lower_idx ON app.parts (lower(region) DESC); ALTER INDEX app.parts_lower_idx ALTER COLUMN 1 SET STATISTICS 200',
    'index app.parts_lower_idx',
    'warning',
  ),
  changed(
    `CREATE OR REPLACE FUNCTION app.modern(a integer) RETURNS integer LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT a + 2; END`,
    'function app.modern(integer)',
    'critical',
    { says: '(a + 2)' },
  ),
  changed(
    `CREATE OR REPLACE FUNCTION app.size(a app.address) RETURNS integer TRANSFORM FOR TYPE app.address LANGUAGE sql IMMUTABLE AS 'SELECT length(a.zip)'`,
    'function app.size(app.address)',
    'critical',
    { says: 'TRANSFORM FOR TYPE app.address in production, no TRANSFORM in the migrations' },
  ),
  changed('ALTER FUNCTION app.size LEAKPROOF', 'function app.size(app.address)', 'critical'),
  changed('ALTER FUNCTION app.size PARALLEL SAFE COST 7 STRICT', 'function app.size(app.address)', 'critical'),
  changed('ALTER FUNCTION app.size COST 7', 'function app.size(app.address)', 'info'),
  unexpected(
    'CREATE FUNCTION app.nth() RETURNS bigint LANGUAGE internal WINDOW AS $$window_row_number$$',
    'function app.nth()',
    'warning',
    { says: 'WINDOW' },
  ),

  changed(
    'ALTER TABLE app.users ALTER CONSTRAINT users_team_fk NOT ENFORCED',
    'constraint app.users.users_team_fk',
    'critical',
    { says: 'NOT ENFORCED in production, ENFORCED in the migrations', since: 18 },
  ),
  changed(
    'ALTER TABLE app.users ADD CONSTRAINT nn NOT NULL nickname NOT VALID',
    'column app.users.nickname',
    'warning',
    {
      says: 'NOT NULL NOT VALID in production',
      offers: 'none',
      since: 18,
    },
  ),
  changed(
    `ALTER TABLE app.parts ALTER code DROP NOT NULL; ALTER TABLE app.special_parts ALTER code SET NOT NULL;
     ALTER TABLE app.parts ADD CONSTRAINT nn NOT NULL code NO INHERIT`,
    'column app.parts.code',
    'warning',
    { says: 'NOT NULL NO INHERIT in production', offers: 'none', since: 18 },
  ),
  unexpected(
    `CREATE TABLE app.stays (room int4range, during tstzrange, twice integer GENERATED ALWAYS AS (lower(room) * 2) VIRTUAL,
      CONSTRAINT stays_key UNIQUE (room, during WITHOUT OVERLAPS))`,
    'table app.stays',
    'warning',
    { says: 'UNIQUE (room, during WITHOUT OVERLAPS)', since: 18 },
  ),
  changed('ALTER MATERIALIZED VIEW app.regions SET ACCESS METHOD pile', 'materialized view app.regions', 'critical', {
    says: 'USING pile in production, access method heap in the migrations',
  }),
  missing('DROP MATERIALIZED VIEW app.regions', 'materialized view app.regions', 'critical'),
]
