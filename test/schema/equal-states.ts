export type EqualState = {
  name: string
  /** Two ways to the same state, each on an empty database. */
  one: string
  other: string
  /** The first major that understands both. */
  since?: 17 | 18
}

/** The same state by two histories: no difference may be told, on one major or between two. */
export const EQUAL_STATES: EqualState[] = [
  // Tables and columns
  equal(
    'columns added later',
    'CREATE TABLE t (a int NOT NULL, b text DEFAULT $$x$$)',
    'CREATE TABLE t (b text); ALTER TABLE t ADD COLUMN a int NOT NULL; ALTER TABLE t ALTER b SET DEFAULT $$x$$',
  ),
  equal(
    'a column dropped and added again',
    'CREATE TABLE t (a int, b text); CREATE INDEX i ON t (b); COMMENT ON COLUMN t.b IS $$here$$',
    `CREATE TABLE t (a int, b int UNIQUE DEFAULT 4); ALTER TABLE t DROP COLUMN b; ALTER TABLE t ADD COLUMN b text;
     CREATE INDEX i ON t (b); COMMENT ON COLUMN t.b IS $$here$$`,
  ),
  equal(
    'a type changed and changed back',
    'CREATE TABLE t (a int DEFAULT 1, b varchar(10))',
    `CREATE TABLE t (a int DEFAULT 1, b varchar(10)); ALTER TABLE t ALTER a TYPE bigint, ALTER b TYPE text;
     ALTER TABLE t ALTER a TYPE int, ALTER b TYPE varchar(10)`,
  ),
  equal(
    'a default of an old type, kept through a change of type',
    'CREATE TABLE t (a bigint DEFAULT 0, b text DEFAULT $$x$$)',
    'CREATE TABLE t (a int DEFAULT 0, b varchar(5) DEFAULT $$x$$); ALTER TABLE t ALTER a SET DEFAULT 0, ALTER a TYPE bigint, ALTER b DROP DEFAULT, ALTER b TYPE text; ALTER TABLE t ALTER a SET DEFAULT 0, ALTER b SET DEFAULT $$x$$',
  ),
  equal(
    'types by their other names',
    'CREATE TABLE t (a int4, b varchar, c timestamptz, d decimal(4, 1), e float8, f char, g int[3], h bool, i time(3))',
    `CREATE TABLE t (a integer, b character varying, c timestamp with time zone, d numeric(4, 1), e double precision,
       f character(1), g integer ARRAY, h boolean, i time(3) without time zone)`,
  ),
  equal(
    'defaults written in other words',
    `CREATE TABLE t (a int DEFAULT -1, b bool DEFAULT 'f', c text DEFAULT 'x', d int[] DEFAULT '{}', e jsonb DEFAULT '{}', f interval DEFAULT '1 hour', g timestamptz DEFAULT now(), h int DEFAULT NULL)`,
    `CREATE TABLE t (a int DEFAULT '-1', b bool DEFAULT false, c text DEFAULT 'x'::text, d int[] DEFAULT '{}'::integer[], e jsonb DEFAULT '{}'::jsonb, f interval DEFAULT interval '60 minutes', g timestamptz DEFAULT pg_catalog.now(), h int)`,
  ),
  equal(
    'a table renamed, with a primary key, NOT NULL and a serial',
    'CREATE TABLE t (id serial PRIMARY KEY, a int NOT NULL)',
    `CREATE TABLE old (id serial PRIMARY KEY, a int NOT NULL); ALTER TABLE old RENAME TO t;
     ALTER SEQUENCE old_id_seq RENAME TO t_id_seq; ALTER INDEX old_pkey RENAME TO t_pkey`,
  ),
  equal(
    'a column renamed under an index, a check, a key and a view',
    `CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a > 0), CONSTRAINT u UNIQUE (a, b)); CREATE INDEX i ON t ((a + 1)) WHERE a > 5;
     CREATE VIEW v AS SELECT a AS z, b FROM t`,
    `CREATE TABLE t (z int, b int, CONSTRAINT c CHECK (z > 0), CONSTRAINT u UNIQUE (z, b)); CREATE INDEX i ON t ((z + 1)) WHERE z > 5;
     CREATE VIEW v AS SELECT z, b FROM t; ALTER TABLE t RENAME COLUMN z TO a`,
  ),
  equal(
    'moved in from another schema, with all that is its own',
    'CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY, a int); CREATE INDEX i ON s.t (a)',
    'CREATE SCHEMA s; CREATE TABLE t (id serial PRIMARY KEY, a int); CREATE INDEX i ON t (a); ALTER TABLE t SET SCHEMA s',
  ),
  equal(
    'a schema renamed',
    'CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ($$a$$); CREATE TABLE s.t (a s.e DEFAULT $$a$$); CREATE VIEW s.v AS SELECT a FROM s.t',
    'CREATE SCHEMA r; CREATE TYPE r.e AS ENUM ($$a$$); CREATE TABLE r.t (a r.e DEFAULT $$a$$); CREATE VIEW r.v AS SELECT a FROM r.t; ALTER SCHEMA r RENAME TO s',
  ),
  equal(
    'what is default, said explicitly',
    'CREATE TABLE t (a text, b int, PRIMARY KEY (b))',
    `CREATE TABLE t (a text, b int, PRIMARY KEY (b)) USING heap; ALTER TABLE t REPLICA IDENTITY FULL; ALTER TABLE t REPLICA IDENTITY DEFAULT;
     ALTER TABLE t ALTER a SET STATISTICS 10; ALTER TABLE t ALTER a SET STATISTICS -1; ALTER TABLE t ALTER a SET STORAGE EXTENDED;
     ALTER TABLE t ALTER a SET COMPRESSION default; ALTER TABLE t CLUSTER ON t_pkey; ALTER TABLE t SET WITHOUT CLUSTER;
     ALTER TABLE t ALTER a SET (n_distinct = 5); ALTER TABLE t ALTER a RESET (n_distinct);
     ALTER TABLE t SET (fillfactor = 70, toast.autovacuum_enabled = off); ALTER TABLE t RESET (fillfactor, toast.autovacuum_enabled);
     ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; ALTER TABLE t DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
     ALTER TABLE t SET UNLOGGED; ALTER TABLE t SET LOGGED; ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey; ALTER TABLE t REPLICA IDENTITY DEFAULT`,
  ),
  equal(
    'storage parameters in another order',
    'CREATE TABLE t (a int) WITH (fillfactor = 70, autovacuum_enabled = off)',
    'CREATE TABLE t (a int) WITH (autovacuum_enabled = off); ALTER TABLE t SET (fillfactor = $$70$$)',
  ),
  equal(
    'storage parameters of an index in another order',
    'CREATE TABLE t (a int); CREATE INDEX i ON t (a) WITH (fillfactor = 70, deduplicate_items = off)',
    'CREATE TABLE t (a int); CREATE INDEX i ON t (a) WITH (deduplicate_items = off); ALTER INDEX i SET (fillfactor = 70)',
  ),
  equal('filled from a query', 'CREATE TABLE t (a int, b text)', 'CREATE TABLE t AS SELECT 1 AS a, $$x$$::text AS b'),
  equal(
    'made like another',
    'CREATE TABLE s (a int NOT NULL DEFAULT 3, CONSTRAINT c CHECK (a > 1)); CREATE TABLE t (a int NOT NULL DEFAULT 3, CONSTRAINT c CHECK (a > 1))',
    'CREATE TABLE s (a int NOT NULL DEFAULT 3, CONSTRAINT c CHECK (a > 1)); CREATE TABLE t (LIKE s INCLUDING ALL)',
  ),
  equal(
    'a generated column added later, its expression in other words',
    'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED)',
    'CREATE TABLE t (z int); ALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS ((((z) * (2)))) STORED; ALTER TABLE t RENAME z TO a',
  ),
  equal(
    'typed, and no longer',
    'CREATE TYPE y AS (a int, b text); CREATE TABLE t (a int, b text)',
    'CREATE TYPE y AS (a int, b text); CREATE TABLE t OF y; ALTER TABLE t NOT OF',
  ),
  equal(
    'of a type, later',
    'CREATE TYPE y AS (a int, b text); CREATE TABLE t OF y',
    'CREATE TYPE y AS (a int, b text); CREATE TABLE t (a int, b text); ALTER TABLE t OF y',
  ),

  // Sequences
  equal(
    'a serial, by hand',
    'CREATE TABLE t (id serial)',
    `CREATE SEQUENCE t_id_seq AS integer; CREATE TABLE t (id integer NOT NULL DEFAULT nextval('public.t_id_seq'));
     ALTER SEQUENCE t_id_seq OWNED BY t.id; SELECT setval('t_id_seq', 500)`,
  ),
  equal(
    'a sequence of another type, and back; used and restarted',
    'CREATE SEQUENCE s',
    'CREATE SEQUENCE s AS integer MAXVALUE 50 CYCLE; ALTER SEQUENCE s AS bigint NO MAXVALUE NO CYCLE; SELECT nextval($$s$$); ALTER SEQUENCE s RESTART WITH 77',
  ),
  equal(
    'a sequence owned, and no longer',
    'CREATE TABLE t (a int); CREATE SEQUENCE s',
    'CREATE TABLE t (a int); CREATE SEQUENCE s OWNED BY t.a; ALTER SEQUENCE s OWNED BY NONE',
  ),
  equal(
    'identity added later, and restarted',
    'CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY)',
    `CREATE TABLE t (id int NOT NULL); ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY (INCREMENT BY 5);
     ALTER TABLE t ALTER id SET GENERATED BY DEFAULT SET INCREMENT BY 1 RESTART WITH 9`,
  ),

  // Constraints and indexes
  equal(
    'a constraint renamed',
    'CREATE TABLE t (a int, CONSTRAINT new CHECK (a > 0), CONSTRAINT u UNIQUE (a))',
    'CREATE TABLE t (a int CHECK (a > 0) UNIQUE); ALTER TABLE t RENAME CONSTRAINT t_a_check TO new; ALTER TABLE t RENAME CONSTRAINT t_a_key TO u',
  ),
  equal(
    'checked later',
    'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0), CONSTRAINT f FOREIGN KEY (a) REFERENCES p)',
    `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) NOT VALID;
     ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t VALIDATE CONSTRAINT f`,
  ),
  equal(
    'checks written in other words',
    `CREATE TABLE t (a int, b varchar, CONSTRAINT c1 CHECK (a IN (1, 2)), CONSTRAINT c2 CHECK (a BETWEEN 1 AND 9 AND a != 4),
       CONSTRAINT c3 CHECK (b IN ('x', 'y')), CONSTRAINT c4 CHECK (b LIKE 'x%' OR b IS NULL))`,
    `CREATE TABLE t (a int, b varchar, CONSTRAINT c4 CHECK ((b ~~ 'x%') OR (b ISNULL)), CONSTRAINT c3 CHECK (b::text = ANY (ARRAY['x'::varchar, 'y'::varchar]::text[])),
       CONSTRAINT c2 CHECK (((a >= 1) AND (a <= 9)) AND (a <> 4)), CONSTRAINT c1 CHECK (a = ANY (ARRAY[1, 2])))`,
  ),
  equal(
    'a foreign key with every default said',
    'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p)',
    `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES public.p (id) MATCH SIMPLE
       ON DELETE NO ACTION ON UPDATE NO ACTION NOT DEFERRABLE INITIALLY IMMEDIATE); ALTER TABLE t DISABLE TRIGGER ALL; ALTER TABLE t ENABLE TRIGGER ALL;
       ALTER TABLE p DISABLE TRIGGER ALL; ALTER TABLE p ENABLE TRIGGER ALL`,
  ),
  equal(
    'made deferrable, and not',
    'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p)',
    `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p DEFERRABLE INITIALLY DEFERRED);
     ALTER TABLE t ALTER CONSTRAINT f NOT DEFERRABLE`,
  ),
  equal(
    'a key on an index that was there',
    'CREATE TABLE t (a int, b int, CONSTRAINT t_pkey PRIMARY KEY (a), CONSTRAINT u UNIQUE (b) INCLUDE (a))',
    `CREATE TABLE t (a int NOT NULL, b int); CREATE UNIQUE INDEX k ON t (a); CREATE UNIQUE INDEX u ON t (b) INCLUDE (a);
     ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX k; ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u`,
  ),
  equal(
    'a primary key whose NOT NULL came first',
    'CREATE TABLE t (a int PRIMARY KEY)',
    'CREATE TABLE t (a int NOT NULL); ALTER TABLE t ADD PRIMARY KEY (a)',
  ),
  equal(
    'a primary key gone, NOT NULL left',
    'CREATE TABLE t (a int NOT NULL)',
    'CREATE TABLE t (a int NOT NULL PRIMARY KEY); ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ALTER a SET NOT NULL',
  ),
  equal(
    'an index with every default said, and rebuilt',
    'CREATE TABLE t (a text, b varchar); CREATE INDEX i ON t (a, lower(b)) WHERE b IS NOT NULL',
    `CREATE TABLE t (a text, b varchar); CREATE INDEX j ON public.t USING btree (a COLLATE "default" text_ops ASC NULLS LAST, lower((b)::text) text_ops) WHERE (((b) IS NOT NULL));
     ALTER INDEX j RENAME TO i; REINDEX INDEX i; ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 40; ALTER INDEX i ALTER COLUMN 2 SET STATISTICS -1`,
  ),
  equal(
    'an exclusion constraint added later',
    'CREATE TABLE t (a tstzrange, CONSTRAINT x EXCLUDE USING gist (a WITH &&) WHERE (NOT isempty(a)))',
    'CREATE TABLE t (a tstzrange); ALTER TABLE t ADD EXCLUDE USING gist (a range_ops WITH OPERATOR(pg_catalog.&&)) WHERE (NOT isempty(a)); ALTER TABLE t RENAME CONSTRAINT t_a_excl TO x',
  ),

  // Partitions and children
  equal(
    'a partition attached',
    `CREATE TABLE p (a int NOT NULL, b text, PRIMARY KEY (a), CONSTRAINT c CHECK (a > 0)) PARTITION BY RANGE (a);
     CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10); CREATE TABLE pd PARTITION OF p DEFAULT`,
    `CREATE TABLE p (a int NOT NULL, b text, CONSTRAINT c CHECK (a > 0)) PARTITION BY RANGE (a); ALTER TABLE p ADD PRIMARY KEY (a);
     CREATE TABLE pd (b text, a int NOT NULL, CONSTRAINT c CHECK (a > 0)); CREATE TABLE p1 (gone int, b text, a int PRIMARY KEY, CONSTRAINT c CHECK (a > 0)); ALTER TABLE p1 DROP COLUMN gone;
     ALTER TABLE p ATTACH PARTITION pd DEFAULT; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10)`,
  ),
  equal(
    'a partition detached and attached again, with an index, a trigger and a foreign key',
    `CREATE TABLE k (id int PRIMARY KEY); CREATE TABLE p (a int REFERENCES k, b text) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
     CREATE INDEX i ON p (b); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     CREATE TRIGGER g BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f()`,
    `CREATE TABLE k (id int PRIMARY KEY); CREATE TABLE p (a int REFERENCES k, b text) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
     CREATE INDEX i ON p (b); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     CREATE TRIGGER g BEFORE INSERT ON p FOR EACH ROW EXECUTE PROCEDURE f();
     ALTER TABLE p DETACH PARTITION p1; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1)`,
  ),
  equal(
    'an index of a partitioned table, put together',
    `CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9); CREATE INDEX i ON p (b)`,
    `CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
     CREATE INDEX i ON ONLY p (b); CREATE INDEX p1_b_idx ON p1 (b); ALTER INDEX i ATTACH PARTITION p1_b_idx`,
  ),
  equal(
    'partition bounds written in other words',
    `CREATE TABLE p (a timestamptz, b int) PARTITION BY RANGE (a, b); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01 00:00+00', 5) TO ('2026-02-01 00:00+00', MAXVALUE)`,
    `SET LOCAL timezone = 'Asia/Tokyo'; CREATE TABLE p (a timestamptz, b int) PARTITION BY RANGE (a, b); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01 09:00', 2 + 3) TO ('2026-02-01 09:00', MAXVALUE)`,
  ),
  equal(
    'a child of a changed parent',
    'CREATE TABLE p (a int, b text NOT NULL DEFAULT $$x$$, CONSTRAINT c CHECK (a > 0)); CREATE TABLE t (z int) INHERITS (p)',
    `CREATE TABLE p (a int); CREATE TABLE t (z int) INHERITS (p); ALTER TABLE p ADD COLUMN b text NOT NULL DEFAULT $$x$$;
     ALTER TABLE p ADD CONSTRAINT c CHECK (a > 0)`,
  ),
  equal(
    'adopted, and left alone again',
    'CREATE TABLE p (a int); CREATE TABLE t (a int, z int)',
    'CREATE TABLE p (a int); CREATE TABLE t (a int, z int); ALTER TABLE t INHERIT p; ALTER TABLE t NO INHERIT p',
  ),

  // Views
  equal(
    'a view replaced, with a column more',
    'CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t WHERE a > 0',
    'CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE OR REPLACE VIEW v AS SELECT a, b FROM t WHERE a > 0',
  ),
  equal(
    'a view of everything, before the table grew',
    'CREATE TABLE t (a int, c int, b int); CREATE VIEW v AS SELECT a, b FROM t',
    'CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT * FROM t; ALTER TABLE t ADD COLUMN c int',
  ),
  equal(
    'a view made anew, with options set and reset',
    'CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w WITH (security_barrier = true) AS SELECT a FROM v',
    `CREATE TABLE t (a int); CREATE VIEW v WITH (security_barrier) AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; ALTER VIEW v RESET (security_barrier);
     ALTER VIEW w SET (security_barrier = true)`,
  ),
  equal(
    'a materialized view filled later',
    'CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE INDEX i ON m (a)',
    'CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA; CREATE INDEX i ON m (a); REFRESH MATERIALIZED VIEW m',
  ),
  equal(
    'a view of what was renamed',
    'CREATE TABLE t (a int); CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT 1$$; CREATE VIEW v AS SELECT public.f(t.a) AS f FROM t',
    'CREATE TABLE q (a int); CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT 1$$; CREATE VIEW v AS SELECT public.g(q.a) AS f FROM q; ALTER TABLE q RENAME TO t; ALTER FUNCTION g RENAME TO f',
  ),

  // Functions and triggers
  equal(
    'a function quoted in another way, and replaced',
    'CREATE FUNCTION f(a int DEFAULT 1, b text = $$x$$) RETURNS text LANGUAGE sql STABLE AS $x$SELECT $$it$$ || b$x$',
    `CREATE FUNCTION f(a integer, b text) RETURNS text LANGUAGE sql AS 'SELECT 1::text';
     CREATE OR REPLACE FUNCTION f(IN a int4 DEFAULT 1, b pg_catalog.text DEFAULT 'x') RETURNS text STABLE CALLED ON NULL INPUT SECURITY INVOKER COST 100 PARALLEL UNSAFE LANGUAGE 'sql' AS 'SELECT $$it$$ || b'`,
  ),
  equal(
    'settings of a function, altered',
    `CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = public, pg_temp SET work_mem = '8MB' AS 'SELECT 1'`,
    `CREATE FUNCTION f() RETURNS int LANGUAGE sql SET enable_seqscan = off AS 'SELECT 1'; ALTER FUNCTION f() SET work_mem TO '8MB';
     ALTER FUNCTION f() SET search_path TO 'public', 'pg_temp'; ALTER FUNCTION f() RESET enable_seqscan`,
  ),
  equal(
    'a table function in the other notation of its rows',
    `CREATE FUNCTION f(a int) RETURNS SETOF int LANGUAGE sql AS 'SELECT a'; CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1'`,
    `CREATE PROCEDURE p(IN a integer) LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a int) RETURNS SETOF int LANGUAGE sql ROWS 1000 COST 100 AS 'SELECT a'`,
  ),
  equal(
    'a SQL-standard body in other words',
    `CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM t WHERE a > 0; END`,
    `CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT pg_catalog.count(*) FROM public.t WHERE ((t.a > 0)); END`,
  ),
  equal(
    'a trigger disabled and enabled, renamed and replaced',
    `CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION f()`,
    `CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     CREATE TRIGGER h BEFORE UPDATE OF a ON public.t FOR ROW WHEN (((new.a > 1))) EXECUTE PROCEDURE public.f();
     ALTER TABLE t DISABLE TRIGGER h; ALTER TABLE t ENABLE TRIGGER h; ALTER TRIGGER h ON t RENAME TO g`,
  ),

  // Types
  equal(
    'an enum grown in the middle, and renamed',
    `CREATE TYPE e AS ENUM ('a', 'b', 'c', 'd'); CREATE TABLE t (x e DEFAULT 'd')`,
    `CREATE TYPE f AS ENUM ('z', 'd'); ALTER TYPE f ADD VALUE 'c' BEFORE 'd'; ALTER TYPE f ADD VALUE 'b' BEFORE 'c'; ALTER TYPE f RENAME VALUE 'z' TO 'a';
     ALTER TYPE f RENAME TO e; CREATE TABLE t (x e DEFAULT 'd'::e)`,
  ),
  equal(
    'a domain altered',
    `CREATE DOMAIN d AS text DEFAULT 'x' NOT NULL CONSTRAINT a CHECK (VALUE <> '') CONSTRAINT b CHECK (length(VALUE) < 9)`,
    `CREATE DOMAIN d AS text; ALTER DOMAIN d ADD CONSTRAINT z CHECK (length(VALUE) < 9) NOT VALID; ALTER DOMAIN d VALIDATE CONSTRAINT z; ALTER DOMAIN d RENAME CONSTRAINT z TO b;
     ALTER DOMAIN d ADD CONSTRAINT a CHECK (VALUE != ''); ALTER DOMAIN d SET DEFAULT 'x'; ALTER DOMAIN d SET NOT NULL`,
  ),
  equal(
    'a composite type altered',
    'CREATE TYPE y AS (a int, b text)',
    'CREATE TYPE y AS (gone int, a text); ALTER TYPE y DROP ATTRIBUTE gone; ALTER TYPE y ALTER ATTRIBUTE a TYPE int; ALTER TYPE y ADD ATTRIBUTE b text',
  ),
  equal(
    'an extension moved',
    'CREATE SCHEMA x; CREATE EXTENSION hstore SCHEMA x; CREATE TABLE t (a x.hstore)',
    'CREATE EXTENSION hstore SCHEMA public; CREATE SCHEMA x; CREATE TABLE t (a hstore); ALTER EXTENSION hstore SET SCHEMA x',
  ),

  // Security, words
  equal(
    'policies altered, roles in another order',
    `CREATE ROLE equal_a; CREATE ROLE equal_b; CREATE TABLE t (a int); CREATE POLICY p ON t FOR UPDATE TO equal_a, equal_b USING (a > 0) WITH CHECK (a > 1)`,
    `CREATE ROLE equal_b; CREATE ROLE equal_a; CREATE TABLE t (a int); CREATE POLICY q ON t AS PERMISSIVE FOR UPDATE TO PUBLIC USING (false);
     ALTER POLICY q ON t TO equal_b, equal_a USING ((t.a > 0)) WITH CHECK (((a) > 1)); ALTER POLICY q ON t RENAME TO p`,
  ),
  equal(
    'granted and revoked again',
    `CREATE ROLE equal_a; CREATE SCHEMA s; CREATE TABLE s.t (a int, b int); CREATE SEQUENCE s.q; CREATE TYPE s.e AS ENUM (); CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW s.v AS SELECT a FROM s.t`,
    `CREATE ROLE equal_a; CREATE SCHEMA s; CREATE TABLE s.t (a int, b int); CREATE SEQUENCE s.q; CREATE TYPE s.e AS ENUM (); CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW s.v AS SELECT a FROM s.t;
     GRANT ALL ON ALL TABLES IN SCHEMA s TO equal_a, PUBLIC; REVOKE ALL ON ALL TABLES IN SCHEMA s FROM equal_a, PUBLIC; GRANT SELECT (a), UPDATE (b) ON s.t TO equal_a; REVOKE SELECT (a), UPDATE (b) ON s.t FROM equal_a;
     GRANT USAGE ON SCHEMA s TO equal_a; REVOKE USAGE ON SCHEMA s FROM equal_a; GRANT USAGE ON SEQUENCE s.q TO equal_a; REVOKE ALL ON SEQUENCE s.q FROM equal_a;
     REVOKE ALL ON FUNCTION s.f() FROM PUBLIC; GRANT EXECUTE ON FUNCTION s.f() TO PUBLIC; REVOKE USAGE ON TYPE s.e FROM PUBLIC; GRANT USAGE ON TYPE s.e TO PUBLIC;
     ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO equal_a; ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE SELECT ON TABLES FROM equal_a;
     ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC`,
  ),
  equal(
    'granted in another order, and piece by piece',
    `CREATE ROLE equal_a; CREATE ROLE equal_b; CREATE TABLE t (a int, b int); GRANT SELECT, INSERT ON t TO equal_a, equal_b; GRANT UPDATE (a, b) ON t TO equal_b`,
    `CREATE ROLE equal_b; CREATE ROLE equal_a; CREATE TABLE t (b int, a int); GRANT ALL ON t TO equal_b; REVOKE ALL ON t FROM equal_b; GRANT INSERT ON t TO equal_b; GRANT SELECT ON t TO equal_b, equal_a; GRANT INSERT ON t TO equal_a;
     GRANT UPDATE (b) ON t TO equal_b; GRANT UPDATE (a) ON t TO equal_b`,
  ),
  equal(
    'owned by another for a while',
    `CREATE ROLE equal_a; CREATE TABLE t (a serial); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT SELECT ON t TO equal_a`,
    `CREATE ROLE equal_a; CREATE TABLE t (a serial); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT SELECT ON t TO equal_a; ALTER TABLE t OWNER TO equal_a; ALTER FUNCTION f() OWNER TO equal_a;
     ALTER TABLE t OWNER TO CURRENT_USER; ALTER FUNCTION f() OWNER TO CURRENT_USER; GRANT SELECT ON t TO equal_a`,
  ),
  equal(
    'comments taken away, and changed',
    `CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)); CREATE INDEX i ON t (a); COMMENT ON COLUMN t.a IS 'it''s'`,
    `CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)); CREATE INDEX i ON t (a); COMMENT ON TABLE t IS 'x'; COMMENT ON INDEX i IS 'y'; COMMENT ON CONSTRAINT c ON t IS 'z';
     COMMENT ON TABLE t IS NULL; COMMENT ON INDEX i IS ''; COMMENT ON CONSTRAINT c ON t IS NULL; COMMENT ON COLUMN t.a IS E'it\\'s'`,
  ),
  equal(
    'statistics made again, their columns in another order',
    'CREATE TABLE t (a int, b int); CREATE STATISTICS s (dependencies, ndistinct) ON a, b FROM t',
    'CREATE TABLE t (b int, a int); CREATE STATISTICS r (ndistinct, dependencies) ON a, b FROM t; ALTER STATISTICS r SET STATISTICS -1; ALTER STATISTICS r RENAME TO s',
  ),
  equal(
    'a publication altered',
    'CREATE TABLE t (a int PRIMARY KEY, b int); CREATE TABLE u (a int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (a > 0), u',
    `CREATE TABLE u (a int PRIMARY KEY); CREATE TABLE t (b int, gone int, a int PRIMARY KEY); ALTER TABLE t DROP COLUMN gone; CREATE PUBLICATION p FOR TABLE u;
     ALTER PUBLICATION p ADD TABLE t (b, a) WHERE ((a > 0)); ALTER PUBLICATION p SET (publish = 'insert'); ALTER PUBLICATION p SET (publish = 'insert, update, delete, truncate')`,
  ),

  // Only newer majors
  equal(
    'NOT NULL with a name, and without',
    'CREATE TABLE t (a int NOT NULL)',
    'CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT t_a_not_null NOT NULL a NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null',
    18,
  ),
  equal(
    'a constraint enforced again',
    'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p)',
    'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT ENFORCED); ALTER TABLE t ALTER CONSTRAINT f ENFORCED',
    18,
  ),
  equal(
    'a virtual column, and a key without overlaps, added later',
    'CREATE TABLE t (a int4range, r tstzrange, v int GENERATED ALWAYS AS (upper(a)), CONSTRAINT k PRIMARY KEY (a, r WITHOUT OVERLAPS))',
    'CREATE TABLE t (r tstzrange NOT NULL, a int4range); ALTER TABLE t ADD COLUMN v int GENERATED ALWAYS AS (upper(a)) VIRTUAL; ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a, r WITHOUT OVERLAPS)',
    18,
  ),
  equal(
    'an identity column of a partitioned table, attached',
    'CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)',
    'CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, a int) PARTITION BY LIST (a); CREATE TABLE p1 (id int NOT NULL, a int); ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1)',
    17,
  ),
]

function equal(name: string, one: string, other: string, since?: 17 | 18): EqualState {
  return { name, one, other, ...(since === undefined ? {} : { since }) }
}
