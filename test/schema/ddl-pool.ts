export type Unit = {
  name: string
  /** Names of the units that must have run. */
  needs: string[]
  sql: string
  since?: 17 | 18
}

/** In every database before the units. The role is made where the server lacks it. */
export const POOL_START = `
  CREATE SCHEMA app; CREATE SCHEMA other;
  DO $$ BEGIN CREATE ROLE oracle_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
  DO $$ BEGIN CREATE ROLE oracle_writer; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`

/** Independent pieces of DDL: any order that keeps their needs works. Some undo or overrule others, so that the order shows. */
export const UNITS: Unit[] = [
  unit('mood', [], `CREATE TYPE app.mood AS ENUM ('sad', 'happy')`),
  unit('mood-ok', ['mood'], `ALTER TYPE app.mood ADD VALUE 'ok' BEFORE 'happy'`),
  unit('mood-best', ['mood'], `ALTER TYPE app.mood ADD VALUE 'best'`),
  unit('mood-worst', ['mood'], `ALTER TYPE app.mood ADD VALUE 'worst' BEFORE 'sad'`),
  unit('mood-mad', ['mood'], `ALTER TYPE app.mood ADD VALUE 'mad' BEFORE 'happy'`),
  unit(
    'mood-rename',
    ['mood'],
    `ALTER TYPE app.mood RENAME VALUE 'sad' TO 'blue'; ALTER TYPE app.mood RENAME VALUE 'blue' TO 'sad'`,
  ),
  unit('email', [], `CREATE DOMAIN app.email AS text CONSTRAINT at CHECK (VALUE LIKE '%@%')`),
  unit('email-short', ['email'], `ALTER DOMAIN app.email ADD CONSTRAINT short CHECK (length(VALUE) < 100)`),
  unit('email-default', ['email'], `ALTER DOMAIN app.email SET DEFAULT 'a@b'`),
  unit('email-null', ['email'], `ALTER DOMAIN app.email SET NOT NULL`),
  unit('address', [], `CREATE TYPE app.address AS (street text)`),
  unit('address-zip', ['address'], `ALTER TYPE app.address ADD ATTRIBUTE zip varchar(9)`),
  unit('range', [], `CREATE TYPE app.floats AS RANGE (subtype = float8, subtype_diff = float8mi)`),
  unit('tickets', [], `CREATE SEQUENCE app.tickets INCREMENT 5`),
  unit('tickets-cycle', ['tickets'], `ALTER SEQUENCE app.tickets MAXVALUE 5000 CYCLE`),
  unit('tickets-max', ['tickets'], `ALTER SEQUENCE app.tickets MAXVALUE 900`),
  unit('tickets-owner', ['tickets', 'users'], `ALTER SEQUENCE app.tickets OWNED BY app.users.id`),
  unit('teams', [], `CREATE TABLE app.teams (id int GENERATED ALWAYS AS IDENTITY, name text NOT NULL)`),
  unit('teams-key', ['teams'], `ALTER TABLE app.teams ADD PRIMARY KEY (id)`),
  unit('teams-name', ['teams'], `ALTER TABLE app.teams ADD CONSTRAINT teams_name_key UNIQUE (name)`),
  unit('teams-index', ['teams'], `CREATE INDEX teams_lower ON app.teams (lower(name) text_pattern_ops DESC)`),
  unit('teams-full', ['teams'], `ALTER TABLE app.teams REPLICA IDENTITY FULL`),
  unit('teams-identity', ['teams-key'], `ALTER TABLE app.teams REPLICA IDENTITY USING INDEX teams_pkey`),
  unit('teams-cluster', ['teams-key'], `ALTER TABLE app.teams CLUSTER ON teams_pkey`),
  unit('users', [], `CREATE TABLE app.users (id bigserial, team int, mail text, size numeric(10, 2) DEFAULT 0)`),
  unit('users-key', ['users'], `ALTER TABLE app.users ADD PRIMARY KEY (id)`),
  unit('users-mood', ['users', 'mood'], `ALTER TABLE app.users ADD COLUMN mood app.mood DEFAULT 'happy'`),
  unit('users-contact', ['users', 'email'], `ALTER TABLE app.users ADD COLUMN contact app.email`),
  unit('log-type', ['log'], `ALTER TABLE app.log ALTER COLUMN line TYPE varchar(500) COLLATE "C"`),
  unit('users-null', ['users'], `ALTER TABLE app.users ALTER COLUMN mail SET NOT NULL`),
  unit(
    'users-team',
    ['users', 'teams-key'],
    `ALTER TABLE app.users ADD CONSTRAINT users_team FOREIGN KEY (team) REFERENCES app.teams ON DELETE SET NULL`,
  ),
  unit(
    'users-check',
    ['users'],
    `ALTER TABLE app.users ADD CONSTRAINT size CHECK (size BETWEEN 0 AND 9 OR size IS NULL) NOT VALID`,
  ),
  unit('users-valid', ['users-check'], `ALTER TABLE app.users VALIDATE CONSTRAINT size`),
  unit(
    'users-double',
    ['users'],
    `ALTER TABLE app.users ADD COLUMN double numeric GENERATED ALWAYS AS (size * 2) STORED`,
  ),
  unit('users-default', ['users'], `ALTER TABLE app.users ALTER COLUMN size SET DEFAULT 1`),
  unit('users-nodefault', ['users'], `ALTER TABLE app.users ALTER COLUMN size DROP DEFAULT`),
  unit('users-storage', ['users'], `ALTER TABLE app.users ALTER COLUMN mail SET STORAGE EXTERNAL`),
  unit('users-statistics', ['users'], `ALTER TABLE app.users ALTER COLUMN mail SET STATISTICS 300`),
  unit('users-options', ['users'], `ALTER TABLE app.users SET (fillfactor = 70)`),
  unit(
    'users-vacuum',
    ['users'],
    `ALTER TABLE app.users SET (autovacuum_enabled = off, toast.autovacuum_enabled = off)`,
  ),
  unit(
    'users-index',
    ['users'],
    `CREATE UNIQUE INDEX users_mail ON app.users (mail) INCLUDE (team) WHERE team IS NOT NULL`,
  ),
  unit('users-many', ['users'], `CREATE STATISTICS app.many (dependencies) ON team, size FROM app.users`),
  unit('users-rls', ['users'], `ALTER TABLE app.users ENABLE ROW LEVEL SECURITY`),
  unit('users-norls', ['users'], `ALTER TABLE app.users DISABLE ROW LEVEL SECURITY`),
  unit('users-force', ['users'], `ALTER TABLE app.users FORCE ROW LEVEL SECURITY`),
  unit('users-own', ['users'], `CREATE POLICY own ON app.users FOR SELECT USING (mail = CURRENT_USER)`),
  unit('users-own-to', ['users-own'], `ALTER POLICY own ON app.users TO oracle_writer, oracle_reader`),
  unit(
    'users-none',
    ['users'],
    `CREATE POLICY none ON app.users AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (false) WITH CHECK (team > 0)`,
  ),
  unit('users-comment', ['users'], `COMMENT ON TABLE app.users IS 'people'`),
  unit('users-uncomment', ['users'], `COMMENT ON TABLE app.users IS NULL`),
  unit('users-mail-comment', ['users'], `COMMENT ON COLUMN app.users.mail IS 'where to write'`),
  unit('users-grant', ['users'], `GRANT SELECT, INSERT ON app.users TO oracle_reader`),
  unit('users-revoke', ['users'], `REVOKE INSERT ON app.users FROM oracle_reader`),
  unit('users-column-grant', ['users'], `GRANT UPDATE (mail, team) ON app.users TO oracle_writer`),
  unit('schema-grant', [], `GRANT USAGE ON SCHEMA app TO oracle_reader, oracle_writer`),
  unit('default-grant', [], `ALTER DEFAULT PRIVILEGES IN SCHEMA other GRANT SELECT ON TABLES TO oracle_reader`),
  unit('schema-comment', [], `COMMENT ON SCHEMA other IS 'other things'`),
  unit('events', [], `CREATE TABLE app.events (at date NOT NULL, what text) PARTITION BY RANGE (at)`),
  unit(
    'events-2026',
    ['events'],
    `CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`,
  ),
  unit(
    'events-2027',
    ['events'],
    `CREATE TABLE app.events_2027 (at date NOT NULL, what text); ALTER TABLE app.events ATTACH PARTITION app.events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')`,
  ),
  unit('events-index', ['events'], `CREATE INDEX events_what ON app.events (what)`),
  unit('events-key', ['events'], `ALTER TABLE app.events ADD CONSTRAINT events_key UNIQUE (at, what)`),
  unit('log', [], `CREATE UNLOGGED TABLE app.log (line text COLLATE "C")`),
  unit('log-logged', ['log'], `ALTER TABLE app.log SET LOGGED`),
  unit('log-moved', ['log'], `ALTER TABLE app.log SET SCHEMA other; ALTER TABLE other.log SET SCHEMA app`),
  unit('child', ['log'], `CREATE TABLE app.child (extra int) INHERITS (app.log)`),
  unit('child-check', ['log'], `ALTER TABLE app.log ADD CONSTRAINT line CHECK (line <> '')`),
  unit('log-column', ['log'], `ALTER TABLE app.log ADD COLUMN at timestamptz DEFAULT now()`),
  unit('happy', ['users'], `CREATE VIEW app.happy AS SELECT id, size FROM app.users WHERE size > 1`),
  unit('happy-options', ['happy'], `ALTER VIEW app.happy SET (security_barrier = true)`),
  unit(
    'happy-more',
    ['happy'],
    `CREATE OR REPLACE VIEW app.happy WITH (security_barrier = true) AS SELECT id, size FROM app.users WHERE size > 1`,
  ),
  unit('happier', ['happy'], `CREATE VIEW app.happier AS SELECT h.id FROM app.happy h JOIN app.users u USING (id)`),
  unit(
    'sizes',
    ['users'],
    `CREATE MATERIALIZED VIEW app.sizes AS SELECT team, sum(size) AS total FROM app.users GROUP BY team`,
  ),
  unit('sizes-index', ['sizes'], `CREATE UNIQUE INDEX sizes_team ON app.sizes (team)`),
  unit('total', [], `CREATE FUNCTION app.total(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT a + b'`),
  unit('total-immutable', ['total'], `ALTER FUNCTION app.total(int, int) IMMUTABLE STRICT PARALLEL SAFE COST 5`),
  unit('total-stable', ['total'], `ALTER FUNCTION app.total(int, int) STABLE`),
  unit('total-path', ['total'], `ALTER FUNCTION app.total(int, int) SET search_path = app, pg_temp`),
  unit('total-memory', ['total'], `ALTER FUNCTION app.total(int, int) SET work_mem = '8MB'`),
  unit('total-revoke', ['total'], `REVOKE EXECUTE ON FUNCTION app.total(int, int) FROM PUBLIC`),
  unit('total-comment', ['total'], `COMMENT ON FUNCTION app.total(int, int) IS 'adds'`),
  unit('touch', [], `CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`),
  unit(
    'users-touch',
    ['users', 'touch'],
    `CREATE TRIGGER users_touch BEFORE UPDATE OF mail ON app.users FOR EACH ROW WHEN (OLD.team > 0) EXECUTE FUNCTION app.touch()`,
  ),
  unit('users-untouch', ['users-touch'], `ALTER TABLE app.users DISABLE TRIGGER users_touch`),
  unit(
    'events-touch',
    ['events', 'touch'],
    `CREATE TRIGGER events_touch BEFORE INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION app.touch()`,
  ),
  unit('tidy', ['log'], `CREATE PROCEDURE app.tidy(INOUT a int) LANGUAGE sql AS 'DELETE FROM app.log; SELECT 1'`),
  unit('many', [], `CREATE AGGREGATE app.many(int) (SFUNC = int4_sum, STYPE = bigint, INITCOND = '0')`),
  unit('hstore', [], `CREATE EXTENSION hstore SCHEMA other`),
  unit(
    'users-tags',
    ['users', 'hstore'],
    `ALTER TABLE app.users ADD COLUMN tags other.hstore; CREATE INDEX users_tags ON app.users USING gin (tags)`,
  ),
  unit('publication', [], `CREATE PUBLICATION pub FOR TABLES IN SCHEMA other`),
  unit('pub-users', ['users-key', 'publication'], `ALTER PUBLICATION pub ADD TABLE app.users`),
  unit('pub-what', ['publication'], `ALTER PUBLICATION pub SET (publish = 'insert')`),
  unit(
    'foreign',
    [],
    `CREATE FOREIGN DATA WRAPPER wrap; CREATE SERVER far FOREIGN DATA WRAPPER wrap OPTIONS (host 'a')`,
  ),
  unit('far-table', ['foreign'], `CREATE FOREIGN TABLE app.far (a int) SERVER far OPTIONS (x 'y')`),
  unit('far-port', ['foreign'], `ALTER SERVER far OPTIONS (ADD port '5')`),
  unit('rule', ['log'], `CREATE RULE quiet AS ON DELETE TO app.log DO INSTEAD NOTHING`),
  unit('collation', [], `CREATE COLLATION app.plain (provider = libc, locale = 'C')`),
  unit(
    'search',
    [],
    `CREATE TEXT SEARCH DICTIONARY app.dict (TEMPLATE = simple, stopwords = 'english'); CREATE TEXT SEARCH CONFIGURATION app.conf (COPY = simple)`,
  ),
  unit('search-map', ['search'], `ALTER TEXT SEARCH CONFIGURATION app.conf ALTER MAPPING FOR word WITH app.dict`),
  unit('operator', ['total'], `CREATE OPERATOR app.@@@ (LEFTARG = int, RIGHTARG = int, FUNCTION = app.total)`),
  unit(
    'cast',
    ['address'],
    `CREATE FUNCTION app.to_address(text) RETURNS app.address LANGUAGE sql AS 'SELECT NULL::app.address'; CREATE CAST (text AS app.address) WITH FUNCTION app.to_address(text) AS ASSIGNMENT`,
  ),
  unit('owner', ['teams'], `ALTER TABLE app.teams OWNER TO oracle_writer`),
  unit(
    'virtual',
    ['users'],
    `ALTER TABLE app.users ADD COLUMN half numeric GENERATED ALWAYS AS (size / 2) VIRTUAL`,
    18,
  ),
  unit('unenforced', ['users'], `ALTER TABLE app.users ADD CONSTRAINT hope CHECK (team > 0) NOT ENFORCED`, 18),
  unit('maintain', ['users'], `GRANT MAINTAIN ON app.users TO oracle_writer`, 17),
]

function unit(name: string, needs: string[], sql: string, since?: 17 | 18): Unit {
  return { name, needs, sql, ...(since === undefined ? {} : { since }) }
}
