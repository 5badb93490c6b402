/** What somebody did to the sample's production by hand: a first run must find and name each of these. */
export const PLANTED_HOTFIX = [
  {
    what: 'an index nobody committed',
    name: 'public.invoices_status_idx',
    statement: 'CREATE INDEX invoices_status_idx ON public.invoices (status)',
  },
  {
    what: 'a changed default',
    name: 'public.users.locale',
    statement: `ALTER TABLE public.users ALTER COLUMN locale SET DEFAULT 'de'`,
  },
  {
    what: 'a column made nullable',
    name: 'public.projects.name',
    statement: 'ALTER TABLE public.projects ALTER COLUMN name DROP NOT NULL',
  },
] as const
