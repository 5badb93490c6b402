// A database with one of everything that pg_dump treats in its own way, and the sums to compare two of them by.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { withClient } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { execute } from '../support/database.ts'

/** The rows of its tables, as `\.` and NULL and an empty text would be confused by a careless reader. */
export const EVERYTHING = `
CREATE SCHEMA "odd ""name";
COMMENT ON SCHEMA "odd ""name" IS 'quotes '' and "doubles"';
CREATE TYPE public.mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE DOMAIN public.positive AS integer CHECK (VALUE > 0);
CREATE FUNCTION public.shout(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(words) || ';' $$;
CREATE TABLE public.texts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text, shouted text GENERATED ALWAYS AS (public.shout(body)) STORED);
INSERT INTO public.texts (body) VALUES
  (NULL), (''), ('\\.'), ('\\N'), (E'tab\\there'), (E'line\\nbreak\\r\\nand more'), (E'back\\\\slash \\\\n'), ('ünïcødé 🜁 𝄞 漢字'), (repeat('long ', 40000));
ALTER TABLE public.texts ALTER COLUMN id RESTART WITH 4711;
COMMENT ON COLUMN public.texts.body IS E'two\\nlines; with a semicolon';
CREATE TABLE public.types (
  mood public.mood, number public.positive, amount numeric, real double precision, flag boolean, bytes bytea, document jsonb, ids integer[][],
  span int4range, pause interval, at timestamptz, day date, address inet, place point, uuid uuid, bits bit varying, tree xml, words tsvector);
INSERT INTO public.types VALUES
  ('it''s ok', 1, 'NaN', 'Infinity', true, '\\x00ff0a5c2e0a', '{"a": "\\n\\\\", "b": [1, null]}', '{{1,2},{3,NULL}}', '[1,5)', '-1 year 3 days 00:00:01.5',
   'infinity', '0044-03-15 BC', '::1/64', '(1.5,-2)', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', B'10101', '<a>&amp;</a>', 'fat:1A cat:2'),
  (NULL, NULL, '-123456789012345678901234567890.123456789', '-0', false, '', '"\\u00e9"', '{}', 'empty', '0', '-infinity', 'infinity', '10.0.0.1', NULL, NULL, NULL, NULL, NULL);
CREATE TABLE "odd ""name"."Table with ; and "" and é" ("Column ""x""" text, "select" integer DEFAULT 7);
INSERT INTO "odd ""name"."Table with ; and "" and é" VALUES ('x', DEFAULT), (NULL, NULL);
CREATE TABLE public.without_columns ();
INSERT INTO public.without_columns SELECT FROM generate_series(1, 3);
CREATE TABLE public.empty (id integer);
CREATE TABLE public.measured (id integer, day date) PARTITION BY RANGE (day);
CREATE TABLE public.measured_2025 PARTITION OF public.measured FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE public.measured_rest PARTITION OF public.measured DEFAULT;
INSERT INTO public.measured SELECT i, date '2025-06-01' + i FROM generate_series(1, 400) i;
CREATE TABLE public.moods (mood public.mood, id integer) PARTITION BY HASH (mood);
CREATE TABLE public.moods_0 PARTITION OF public.moods FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE public.moods_1 PARTITION OF public.moods FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO public.moods SELECT (enum_range(NULL::public.mood))[1 + i % 3], i FROM generate_series(1, 30) i;
CREATE TABLE public.parent (id integer PRIMARY KEY, name text);
CREATE TABLE public.child (extra text) INHERITS (public.parent);
INSERT INTO public.parent VALUES (1, 'a'); INSERT INTO public.child VALUES (2, 'b', 'c');
CREATE TABLE public.hens (id integer PRIMARY KEY, egg integer);
CREATE TABLE public.eggs (id integer PRIMARY KEY, hen integer REFERENCES public.hens DEFERRABLE INITIALLY DEFERRED);
INSERT INTO public.eggs VALUES (1, NULL), (2, NULL); INSERT INTO public.hens VALUES (1, 2), (2, 1); UPDATE public.eggs SET hen = id;
ALTER TABLE public.hens ADD CONSTRAINT hens_egg_fkey FOREIGN KEY (egg) REFERENCES public.eggs;
CREATE TABLE public.bulk (id integer, words text);
INSERT INTO public.bulk SELECT i, md5(i::text) || repeat(md5((i * 7)::text), 20) FROM generate_series(1, 5000) i;
CREATE INDEX bulk_words ON public.bulk (md5(words)) WHERE id > 10;
CREATE STATISTICS public.bulk_stats ON id, words FROM public.bulk;
CREATE SEQUENCE public.counter START 5 INCREMENT 3; SELECT nextval('public.counter'), nextval('public.counter');
CREATE VIEW public.seen AS SELECT id, body FROM public.texts WHERE body <> '';
CREATE MATERIALIZED VIEW public.seen_often AS SELECT count(*) AS n, max(length(body)) AS longest FROM public.seen;
CREATE UNIQUE INDEX seen_often_n ON public.seen_often (n);
CREATE MATERIALIZED VIEW public.seen_never AS SELECT n FROM public.seen_often WITH NO DATA;
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a trigger ran'; END $$;
CREATE TRIGGER refuses BEFORE INSERT ON public.parent FOR EACH ROW EXECUTE FUNCTION public.refuse();
CREATE TRIGGER sleeps BEFORE DELETE ON public.parent FOR EACH ROW EXECUTE FUNCTION public.refuse();
ALTER TABLE public.parent DISABLE TRIGGER sleeps;
CREATE FUNCTION public.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the event trigger ran'; END $$;
ALTER TABLE public.hens ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON public.hens USING (id = 1);
CREATE RULE quiet AS ON DELETE TO public.empty DO INSTEAD NOTHING;
SELECT lo_from_bytea(4200000000, '\\x00010203' || convert_to(repeat('large ', 100000), 'UTF8')), lo_from_bytea(77, ''), lo_from_bytea(78, '\\x5c2e0a');
COMMENT ON LARGE OBJECT 78 IS 'a large object';
CREATE EXTENSION hstore SCHEMA "odd ""name";
CREATE TYPE public.pair AS (one text, other integer[]);
CREATE TABLE public.more_types (
  tags "odd ""name".hstore, pair public.pair, texts text[], byteas bytea[], spans nummultirange, moments tstzrange[], price money, fixed char(5), letter "char",
  area box, line line, track path, field polygon, disc circle, clock timetz, short interval minute to second, net cidr, mac macaddr8, lsn pg_lsn, words tsquery, way jsonpath, plain json, bits bit(3), moods public.mood[]);
INSERT INTO public.more_types VALUES
  ('"a\\\\b"=>"tab\\t", empty=>"", none=>NULL', ROW(E'x,"y"\\n', '{1,NULL}'), ARRAY['', NULL, 'NULL', E'\\\\.', E'{"\\t}'], ARRAY['\\x00'::bytea, '\\x5c2e0a'], '{[1.5,2),[7,)}', ARRAY['[-infinity,2026-01-01)'::tstzrange, 'empty'],
   '-12.34', 'ab', E'\\\\', '(1,2),(0,0)', '{1,-1,0}', '[(0,0),(1,1)]', '((0,0),(1,0),(1,1))', '<(0,0),2>', '23:59:60+14', '02:03.5', '10.0.0.0/8', '08:00:2b:01:02:03:04:05', '16/B374D848', '''it'' & !b:*', '$."a" ? (@ > 1)', '{"kept":  "as it is", "a":1,"a":2}', B'101', ARRAY['happy', NULL]::public.mood[]);
CREATE TABLE public.planes AS SELECT plane, chr(plane * 65536 + 4369) || 'é' || chr(plane * 65536 + 65533) AS text FROM generate_series(0, 16) plane;
CREATE TABLE public.wide AS SELECT 1 AS id, string_agg(md5(n::text), E'\\t\\\\\\n') AS text FROM generate_series(1, 100000) n;
CREATE EVENT TRIGGER no_ddl ON ddl_command_start EXECUTE FUNCTION public.on_ddl();
`

/**
 * Every relation that holds rows, with the sum of its COPY text in a stable order, and every sequence and large object. Not the
 * partitions by the hash of an enum: rows go to another one wherever the enum has another oid.
 */
export async function contents(target: Target): Promise<Record<string, string>> {
  const relations = await execute<{ name: string }>(
    target,
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind IN ('r', 'm', 'p') AND relispopulated AND relname !~ '^moods_' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY 1`,
  )
  const sequences = await execute<{ name: string; state: string }>(
    target,
    `SELECT format('%I.%I', schemaname, sequencename) AS name, to_jsonb(s)::text AS state FROM pg_sequences s ORDER BY 1`,
  )
  const objects = await execute<{ oid: string; sum: string; comment: string }>(
    target,
    `SELECT oid::text, md5(lo_get(oid)) AS sum, obj_description(oid, 'pg_largeobject') AS comment FROM pg_largeobject_metadata ORDER BY oid`,
  )
  const sums: Record<string, string> = {}
  const sumUp = async (client: pg.Client): Promise<void> => {
    for (const { name } of relations) {
      sums[name] = await sumOfCopy(client, `COPY (SELECT * FROM ${name} t ORDER BY t::text) TO STDOUT`)
    }
  }
  // node-postgres never clears the timer of a COPY, and would end the process a minute later.
  await withClient(target, 'summing up', sumUp, { queryTimeoutMs: 0 })
  for (const { name, state } of sequences) sums[name] = state
  for (const { oid, sum, comment } of objects) sums[`large object ${oid}`] = `${sum} ${comment}`
  return sums
}

async function sumOfCopy(client: pg.Client, statement: string): Promise<string> {
  const stream = client.query(copyTo(statement))
  const hash = createHash('sha256')
  stream.on('data', (chunk: Buffer) => hash.update(chunk))
  await once(stream, 'end')
  return `${stream.rowCount} rows ${hash.digest('hex')}`
}

/** The definitions that a restore must bring back, in the server's own words. */
export async function definitions(target: Target): Promise<string[]> {
  const rows = await execute<{ line: string }>(
    target,
    `SELECT 'index ' || pg_get_indexdef(indexrelid) AS line FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace::regnamespace::text !~ '^pg_|^information'
     UNION ALL SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated::text FROM pg_constraint WHERE connamespace::regnamespace::text !~ '^pg_|^information'
     UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL SELECT format('policy %s %s %s %s', polname, polrelid::regclass, polroles, pg_get_expr(polqual, polrelid)) FROM pg_policy
     UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION ALL SELECT format('%s %s %s %s', oid::regclass, relkind, relrowsecurity, relispopulated) FROM pg_class WHERE relnamespace::regnamespace::text !~ '^pg_|^information'
     UNION ALL SELECT format('%s.%s %s %s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid))
       FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
       WHERE attnum > 0 AND NOT attisdropped AND relnamespace::regnamespace::text !~ '^pg_|^information'
     UNION ALL SELECT 'view ' || oid::regclass::text || pg_get_viewdef(oid) FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
     UNION ALL SELECT 'rule ' || pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename <> '_RETURN' AND ev_class >= 16384
     UNION ALL SELECT 'enum ' || enumlabel || (row_number() OVER (ORDER BY enumsortorder))::text FROM pg_enum WHERE enumtypid = 'public.mood'::regtype
     UNION ALL SELECT 'event ' || evtname || evtenabled::text FROM pg_event_trigger
     UNION ALL SELECT 'statistics ' || pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
     UNION ALL SELECT format('comment %s %s', classoid::regclass, description) FROM pg_description WHERE objoid >= 16384 ORDER BY 1`,
  )
  return rows.map(({ line }) => line)
}
