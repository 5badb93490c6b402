// A schema in the proportions of an ordinary application, as large as asked for, and differences that somebody may have planted in it.

/**
 * Statements, in chunks that are a transaction each, for so many tables: 12 columns, 4 or 5 indexes (the key's and its likes among them), 2 foreign
 * keys each, and views, functions, triggers, policies, enums, sequences, comments and grants in proportion. The role
 * {@link GRANTEE} must be there.
 */
export function generatedSchema(tables: number): string[] {
  const numbers = Array.from({ length: tables }, (_, index) => index)
  const chunks = Array.from({ length: Math.ceil(tables / 200) }, (_, chunk) =>
    numbers.slice(chunk * 200, chunk * 200 + 200),
  )
  return [
    `CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$`,
    ...chunks.map((chunk) => chunk.map(table).join('\n')),
  ]
}

/** Owns nothing and may read: the schema grants to it. */
export const GRANTEE = 'bench_reader'

function table(index: number): string {
  const name = `t${index}`
  const before = `t${Math.max(0, index - 1)}`
  const every = (step: number, statements: string): string => (index % step === 0 ? statements : '')
  return `
    ${every(17, `CREATE TYPE public.${name}_state AS ENUM ('new', 'open', 'done');`)}
    CREATE TABLE public.${name} (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id bigint REFERENCES public.${before}, other_id bigint REFERENCES public.${before} ON DELETE SET NULL,
      name text NOT NULL, email varchar(200), amount numeric(12,2) DEFAULT 0 NOT NULL CHECK (amount >= 0), tags text[] DEFAULT '{}'::text[] NOT NULL,
      settings jsonb DEFAULT '{}'::jsonb NOT NULL, active boolean DEFAULT true NOT NULL, kind integer DEFAULT 0 NOT NULL,
      created_at timestamptz DEFAULT now() NOT NULL, updated_at timestamptz
    );
    CREATE UNIQUE INDEX ${name}_email_idx ON public.${name} (lower(email));
    CREATE INDEX ${name}_parent_idx ON public.${name} (parent_id) WHERE active;
    CREATE INDEX ${name}_created_idx ON public.${name} (created_at DESC, kind);
    ${every(2, `CREATE INDEX ${name}_settings_idx ON public.${name} USING gin (settings jsonb_path_ops);`)}
    ${every(3, `GRANT SELECT ON public.${name} TO ${GRANTEE};`)}
    ${every(4, `COMMENT ON TABLE public.${name} IS 'what ${name} is for'; COMMENT ON COLUMN public.${name}.email IS 'where to write';`)}
    ${every(5, `CREATE TRIGGER touch BEFORE UPDATE ON public.${name} FOR EACH ROW EXECUTE FUNCTION public.touch();`)}
    ${every(5, `ALTER TABLE public.${name} ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON public.${name} FOR SELECT USING (kind > 0 AND email = CURRENT_USER);`)}
    ${every(10, `CREATE VIEW public.${name}_view AS SELECT id, name, amount * 2 AS double FROM public.${name} WHERE active;`)}
    ${every(20, `CREATE FUNCTION public.${name}_total(a integer, b numeric DEFAULT 1) RETURNS numeric LANGUAGE sql STABLE AS $$ SELECT sum(amount) * b FROM public.${name} WHERE kind = a $$;`)}
    ${every(30, `CREATE SEQUENCE public.${name}_numbers INCREMENT BY 5;`)}`
}

/** One object each, of as many kinds as people touch by hand: `name` is of the object that must be found. Needs 100 tables. */
export const PLANTED: readonly { name: string; statement: string }[] = [
  { name: 't1.email', statement: 'ALTER TABLE public.t1 ALTER COLUMN email TYPE varchar(300)' },
  { name: 't2.name', statement: 'ALTER TABLE public.t2 ALTER COLUMN name DROP NOT NULL' },
  { name: 't3.kind', statement: 'ALTER TABLE public.t3 ALTER COLUMN kind SET DEFAULT 7' },
  { name: 't4.hotfix', statement: 'ALTER TABLE public.t4 ADD COLUMN hotfix text' },
  { name: 't6.updated_at', statement: 'ALTER TABLE public.t6 DROP COLUMN updated_at' },
  { name: 't7_parent_idx', statement: 'DROP INDEX public.t7_parent_idx' },
  { name: 't8_hot_idx', statement: 'CREATE INDEX t8_hot_idx ON public.t8 (amount)' },
  {
    name: 't9_created_idx',
    statement: 'DROP INDEX public.t9_created_idx; CREATE INDEX t9_created_idx ON public.t9 (created_at, kind)',
  },
  { name: 't11_parent_id_fkey', statement: 'ALTER TABLE public.t11 DROP CONSTRAINT t11_parent_id_fkey' },
  {
    name: 't12_amount_check',
    statement:
      'ALTER TABLE public.t12 DROP CONSTRAINT t12_amount_check, ADD CONSTRAINT t12_amount_check CHECK (amount > 0)',
  },
  { name: 't13_name_key', statement: 'ALTER TABLE public.t13 ADD CONSTRAINT t13_name_key UNIQUE (name)' },
  { name: 't10.touch', statement: 'DROP TRIGGER touch ON public.t10' },
  { name: 't15.touch', statement: 'ALTER TABLE public.t15 DISABLE TRIGGER touch' },
  { name: 't20.own', statement: 'ALTER POLICY own ON public.t20 USING (true)' },
  { name: 't25', statement: 'ALTER TABLE public.t25 DISABLE ROW LEVEL SECURITY' },
  {
    name: 't30_view',
    statement:
      'CREATE OR REPLACE VIEW public.t30_view AS SELECT id, name, amount * 3 AS double FROM public.t30 WHERE active',
  },
  { name: 't40_total', statement: 'ALTER FUNCTION public.t40_total(integer, numeric) IMMUTABLE' },
  { name: 't60_total', statement: 'DROP FUNCTION public.t60_total(integer, numeric)' },
  { name: 't34_state', statement: `ALTER TYPE public.t34_state ADD VALUE 'gone'` },
  { name: 't90_numbers', statement: 'ALTER SEQUENCE public.t90_numbers INCREMENT BY 6' },
  { name: 't44', statement: `COMMENT ON TABLE public.t44 IS 'another'` },
  { name: 't45', statement: `REVOKE SELECT ON public.t45 FROM ${GRANTEE}` },
  { name: 'extra', statement: 'CREATE TABLE public.extra (id integer PRIMARY KEY)' },
  { name: 't70_view', statement: 'DROP VIEW public.t70_view' },
  { name: 't46', statement: 'ALTER TABLE public.t46 SET (fillfactor = 70)' },
]
