// Two states of which one has parts of schemas and tables that wait for what changes, or for an extension.

export const WAITING_IS = `
  CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW same AS SELECT a FROM v;
  CREATE TABLE referred (id int, label text); CREATE VIEW labels AS SELECT label FROM referred;
  CREATE TABLE told (a int, b text NOT NULL); CREATE UNIQUE INDEX told_b ON told (b); ALTER TABLE told REPLICA IDENTITY USING INDEX told_b`

export const WAITING_SHOULD = `
  CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b AS c FROM t; CREATE VIEW same AS SELECT a FROM v;
  CREATE EXTENSION citext; CREATE SCHEMA apart; CREATE EXTENSION hstore SCHEMA apart;
  CREATE TABLE apart.t (a citext, h apart.hstore); CREATE POLICY p ON apart.t USING (EXISTS (SELECT c FROM v));
  GRANT SELECT ON apart.t TO pg_monitor;
  CREATE FUNCTION apart.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT c FROM v; END;
  CREATE TABLE asked (a int); CREATE VIEW asking AS SELECT a FROM asked; CREATE POLICY p ON asked USING (EXISTS (SELECT a FROM asking));
  CREATE SCHEMA hashed; CREATE TABLE hashed.t (a int);
  CREATE OPERATOR CLASS hashed.oc FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int);
  CREATE TABLE hashing (a int); CREATE INDEX hashing_a ON hashing USING hash (a hashed.oc); CREATE INDEX t_a ON hashed.t USING hash (a hashed.oc);
  CREATE TABLE referred (id int PRIMARY KEY, label text, more int); CREATE TABLE referring (id int REFERENCES referred);
  CREATE FUNCTION rows_of(referring) RETURNS SETOF referred LANGUAGE sql AS 'SELECT * FROM referred';
  CREATE VIEW labels AS SELECT more::text AS label FROM referred; CREATE FUNCTION label_of(labels) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE TYPE named AS (v int, labels text); CREATE FUNCTION number(named) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
  CREATE CAST (named AS int) WITH FUNCTION number(named); CREATE VIEW casting AS SELECT ROW(1, 'a')::named::int AS v;
  CREATE FUNCTION of_casting(casting) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE TABLE told (a int, b text); CREATE UNIQUE INDEX told_b ON told (b)`
