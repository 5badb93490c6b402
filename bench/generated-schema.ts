/** Statements that make a schema of so many tables, in the proportions of an ordinary application: 12 columns, 4 indexes, 2 foreign keys each. */
export function generatedSchema(tables: number): string {
  const names = Array.from({ length: tables }, (_, index) => `t${index}`)
  return names
    .map((name, index) => {
      const before = names[Math.max(0, index - 1)]
      return `
        CREATE TABLE public.${name} (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id bigint REFERENCES public.${before}, other_id bigint REFERENCES public.${before},
          name text NOT NULL, email text, amount numeric(12,2) DEFAULT 0 NOT NULL CHECK (amount >= 0), tags text[] DEFAULT '{}'::text[] NOT NULL,
          settings jsonb DEFAULT '{}'::jsonb NOT NULL, active boolean DEFAULT true NOT NULL, kind integer DEFAULT 0 NOT NULL,
          created_at timestamptz DEFAULT now() NOT NULL, updated_at timestamptz
        );
        CREATE UNIQUE INDEX ${name}_email_idx ON public.${name} (lower(email));
        CREATE INDEX ${name}_parent_idx ON public.${name} (parent_id) WHERE active;
        CREATE INDEX ${name}_created_idx ON public.${name} (created_at DESC, kind);
        ${index % 10 === 0 ? `CREATE VIEW public.${name}_view AS SELECT id, name, amount * 2 AS double FROM public.${name} WHERE active;` : ''}
        ${index % 5 === 0 ? `ALTER TABLE public.${name} ENABLE ROW LEVEL SECURITY; CREATE POLICY ${name}_policy ON public.${name} USING (kind > 0);` : ''}`
    })
    .join('\n')
}
