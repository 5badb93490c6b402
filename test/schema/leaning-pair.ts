// Two states of what leans on one another in ways that the order of repairs must know.

/** A sequence of one table that another counts by, columns in an order that a function returns, what a view says by a primary key. */
export const LEANING_IS = `
  CREATE FUNCTION plus(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a + b;
  CREATE FUNCTION plus_one(a int) RETURNS int LANGUAGE sql IMMUTABLE RETURN plus(a, 1);
  CREATE TABLE rowed (id int);
  CREATE TABLE turned (id int PRIMARY KEY, n text, amount numeric(10, 2)); CREATE VIEW turning AS SELECT id, n FROM turned;
  CREATE VIEW around AS SELECT max(n) FROM turning;
  CREATE TABLE grouped (id int PRIMARY KEY, a text); CREATE VIEW groups AS SELECT id, a, count(*) FROM grouped GROUP BY id;
  CREATE TABLE split (id int, n text) PARTITION BY LIST (id); CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1);
  CREATE TABLE split_2 (id int, n text); CREATE TABLE sorted (id int) PARTITION BY LIST (id); CREATE INDEX sorted_id ON sorted (id);
  CREATE TABLE cases (id int, name text, CONSTRAINT by_id UNIQUE (id), CONSTRAINT by_both UNIQUE (name, id));
  CREATE TABLE notes (a int, b text, CONSTRAINT of_case FOREIGN KEY (a) REFERENCES cases (id));
  ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
  CREATE TABLE held (a int NOT NULL) PARTITION BY LIST (a); CREATE TABLE held_1 PARTITION OF held FOR VALUES IN (1);
  CREATE FUNCTION fits(a int, b int DEFAULT 3) RETURNS int LANGUAGE sql RETURN a + b; CREATE VIEW fitting AS SELECT fits(1) AS a, 1 AS z;
  CREATE TABLE lines (id int, name text, more int); CREATE FUNCTION all_lines() RETURNS SETOF lines LANGUAGE sql BEGIN ATOMIC SELECT * FROM lines; END;
  CREATE VIEW stars AS SELECT id, name FROM lines; CREATE FUNCTION seen_stars() RETURNS SETOF stars LANGUAGE sql AS 'SELECT * FROM public.stars';
  CREATE PUBLICATION told FOR TABLE cases`

export const LEANING_SHOULD = `
  CREATE FUNCTION plus(x int, y int) RETURNS int LANGUAGE sql IMMUTABLE RETURN y + x;
  CREATE FUNCTION plus_one(a int) RETURNS int LANGUAGE sql IMMUTABLE RETURN plus(a, 1) + 0;
  CREATE TABLE rowed (id int, z int, a text);
  CREATE FUNCTION rows_of() RETURNS SETOF rowed LANGUAGE sql BEGIN ATOMIC SELECT id, z, a FROM rowed; END;
  CREATE TABLE turned (id int PRIMARY KEY, n varchar(9), amount numeric(12, 2));
  CREATE MATERIALIZED VIEW turning AS SELECT id, n FROM turned; CREATE VIEW around AS SELECT n, id FROM turning;
  CREATE RULE quiet AS ON INSERT TO around DO INSTEAD NOTHING;
  CREATE TABLE grouped (id int NOT NULL UNIQUE, a text PRIMARY KEY); CREATE VIEW groups AS SELECT a, id, count(*) FROM grouped GROUP BY a;
  CREATE TABLE split (id int, n varchar(9) DEFAULT 'x') PARTITION BY LIST (id); CREATE TABLE split_1 PARTITION OF split (n DEFAULT 'y') FOR VALUES IN (1);
  CREATE TABLE split_2 PARTITION OF split FOR VALUES IN (2);
  CREATE TABLE sorted (id int) PARTITION BY LIST (id); CREATE INDEX sorted_id ON sorted (id) WITH (fillfactor = 70);
  CREATE TABLE cases (id int, name text, CONSTRAINT by_id UNIQUE (id) DEFERRABLE, CONSTRAINT by_both UNIQUE (name, id));
  CREATE TABLE notes (a int, b text, CONSTRAINT of_case FOREIGN KEY (b, a) REFERENCES cases (name, id));
  CREATE SEQUENCE numbers; CREATE TABLE a_counts (id int DEFAULT nextval('numbers')); CREATE TABLE z_owns (id int DEFAULT nextval('numbers'));
  ALTER SEQUENCE numbers OWNED BY z_owns.id;
  CREATE TABLE held (a int NOT NULL) PARTITION BY LIST (a); CREATE TABLE held_1 PARTITION OF held FOR VALUES IN (1);
  CREATE UNIQUE INDEX held_a ON ONLY held (a); ALTER TABLE held_1 ADD CONSTRAINT held_1_pkey PRIMARY KEY (a);
  ALTER INDEX held_a ATTACH PARTITION held_1_pkey;
  CREATE AGGREGATE fits(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0'); CREATE VIEW fitting AS SELECT fits(x) AS w FROM generate_series(1, 3) x;
  CREATE TABLE lines (id int, name text); CREATE FUNCTION all_lines() RETURNS SETOF lines LANGUAGE sql BEGIN ATOMIC SELECT * FROM lines; END;
  CREATE VIEW stars AS SELECT name, id FROM lines; CREATE FUNCTION seen_stars() RETURNS SETOF stars LANGUAGE sql AS 'SELECT * FROM public.stars';
  CREATE VIEW over_stars AS SELECT name, id FROM seen_stars();
  CREATE PUBLICATION told FOR TABLE cases WHERE (id > 3), z_owns`
