import { ONE_OF_STRUCTURE } from './one-of-structure.ts'
import { ONE_OF_SURROUNDINGS } from './one-of-surroundings.ts'

/** A small database with one of everything that the schema room knows: what the tests drift away from. */
export const ONE_OF_EVERYTHING = `
  CREATE SCHEMA app;
  COMMENT ON SCHEMA app IS 'the application';
  CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'happy');
  CREATE DOMAIN app.email AS text DEFAULT 'none@example.com' NOT NULL CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
  CREATE TYPE app.address AS (street text, zip varchar(10));
  CREATE SEQUENCE app.tickets INCREMENT BY 5 MINVALUE 10 START 10 CACHE 3;

  CREATE TABLE app.teams (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    CONSTRAINT teams_name_key UNIQUE (name)
  );
  CREATE TABLE app.users (
    id serial PRIMARY KEY,
    team_id integer NOT NULL CONSTRAINT users_team_fk REFERENCES app.teams (id) ON DELETE CASCADE,
    email text NOT NULL,
    nickname text COLLATE "C",
    mood app.mood DEFAULT 'ok'::app.mood,
    "Größe" numeric(10, 2) DEFAULT 0,
    price numeric GENERATED ALWAYS AS (("Größe" * 2)) STORED,
    during tstzrange,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_size_check CHECK ("Größe" >= 0),
    CONSTRAINT users_during_excl EXCLUDE USING gist (during WITH &&)
  );
  COMMENT ON COLUMN app.users.email IS 'where to write';
  ALTER TABLE app.users ALTER COLUMN nickname SET STATISTICS 50;
  CREATE UNIQUE INDEX users_email_idx ON app.users (lower(email));
  CREATE INDEX users_mood_idx ON app.users (mood) INCLUDE (nickname) WHERE mood IS NOT NULL;
  ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;
  ALTER TABLE app.users FORCE ROW LEVEL SECURITY;
  CREATE POLICY own_rows ON app.users FOR SELECT TO PUBLIC USING (email = CURRENT_USER);

  CREATE TABLE app.events (at date NOT NULL, what text) PARTITION BY RANGE (at);
  CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE app."order" ("select" integer, "Mixed.Case" text);

  CREATE VIEW app.happy AS SELECT id, email FROM app.users WHERE mood = 'happy';
  CREATE MATERIALIZED VIEW app.sizes AS SELECT team_id, sum("Größe") AS total FROM app.users GROUP BY team_id;
  CREATE UNIQUE INDEX sizes_team_idx ON app.sizes (team_id);
  CREATE FUNCTION app.total(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT a + b $$;
  CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.created_at := now();
      RETURN NEW;
    END $$;
  CREATE PROCEDURE app.tidy() LANGUAGE sql AS 'DELETE FROM app.events';
  CREATE TRIGGER users_touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();
  ${ONE_OF_STRUCTURE}
  ${ONE_OF_SURROUNDINGS}
`
