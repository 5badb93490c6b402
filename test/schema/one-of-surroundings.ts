/** One of each thing that surrounds a schema: rights, publications, foreign servers. Only roles that every server has are named. */
export const ONE_OF_SURROUNDINGS = `
  CREATE SCHEMA around;
  CREATE TABLE around.books (id integer PRIMARY KEY, title text, price numeric, "Größe" text);
  CREATE TABLE around.loans (id integer GENERATED ALWAYS AS IDENTITY, book_id integer);
  CREATE VIEW around.titles AS SELECT id, title FROM around.books;
  CREATE SEQUENCE around.numbers;
  CREATE TYPE around.state AS ENUM ('in', 'out');
  CREATE FUNCTION around.secret() RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT 1';
  CREATE PROCEDURE around.work(a integer) LANGUAGE sql AS 'SELECT 1';
  GRANT USAGE ON SCHEMA around TO pg_monitor;
  GRANT SELECT, INSERT ON around.books, around.titles TO pg_monitor;
  GRANT SELECT (id, "Größe"), UPDATE ("Größe") ON around.books TO pg_read_all_stats;
  GRANT ALL ON around.loans TO pg_read_all_data WITH GRANT OPTION;
  GRANT USAGE ON SEQUENCE around.numbers TO pg_monitor;
  REVOKE EXECUTE ON FUNCTION around.secret() FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION around.secret() TO pg_monitor;
  REVOKE USAGE ON TYPE around.state FROM PUBLIC;
  REVOKE DELETE ON around.books FROM CURRENT_USER;
  ALTER DEFAULT PRIVILEGES IN SCHEMA around GRANT SELECT ON TABLES TO pg_monitor;
  CREATE TABLE around.foreign_owned ();
  ALTER TABLE around.foreign_owned OWNER TO pg_signal_backend;

  CREATE PUBLICATION books FOR TABLE around.books (id, title) WHERE (id > 10), around.loans WITH (publish = 'insert, update');
  COMMENT ON PUBLICATION books IS 'for the shop';
  CREATE PUBLICATION all_around FOR TABLES IN SCHEMA around;

  CREATE FOREIGN DATA WRAPPER remote OPTIONS (debug 'on');
  CREATE SERVER library TYPE 'archive' VERSION '2' FOREIGN DATA WRAPPER remote OPTIONS (host 'a=b', dbname 'x');
  COMMENT ON SERVER library IS 'the old one';
  GRANT USAGE ON FOREIGN SERVER library TO pg_monitor;
  CREATE USER MAPPING FOR PUBLIC SERVER library OPTIONS (user 'me', password 'secret');
  CREATE FOREIGN TABLE around.old_books (id integer OPTIONS (column_name 'nr') NOT NULL, title text COLLATE "C" DEFAULT 'none',
    CONSTRAINT old_id CHECK (id > 0)) SERVER library OPTIONS (relation 'buecher');
  COMMENT ON COLUMN around.old_books.title IS 'as it was';
`
