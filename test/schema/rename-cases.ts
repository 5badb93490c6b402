export type RenameCase = {
  change: string
  /** Class, name as it should be, name as it is. */
  subject: [kind: string, expected: string, actual: string]
  /** Tried on the oldest major as well as on the newest: what each writes in its own way. */
  onBoth?: true
}

/** One rename each, by hand, of something in one-of-everything.ts: one finding, whatever else mentions the name. */
export const RENAME_CASES: RenameCase[] = [
  { change: 'ALTER TABLE app.users RENAME TO "Users"', subject: ['table', 'app.users', 'app."Users"'], onBoth: true },
  { change: 'ALTER TABLE app.teams RENAME TO groups', subject: ['table', 'app.teams', 'app.groups'] },
  { change: 'ALTER TABLE app.events RENAME TO happenings', subject: ['table', 'app.events', 'app.happenings'] },
  {
    change: 'ALTER TABLE app.users RENAME email TO mail',
    subject: ['column', 'app.users.email', 'app.users.mail'],
    onBoth: true,
  },
  {
    change: 'ALTER TABLE app.users RENAME team_id TO "select"',
    subject: ['column', 'app.users.team_id', 'app.users.select'],
  },
  {
    change: 'ALTER TABLE app.users RENAME "Größe" TO size',
    subject: ['column', 'app.users."Größe"', 'app.users.size'],
  },
  { change: 'ALTER TABLE app.teams RENAME id TO number', subject: ['column', 'app.teams.id', 'app.teams.number'] },
  { change: 'ALTER TABLE app.events RENAME at TO day', subject: ['column', 'app.events.at', 'app.events.day'] },
  {
    change: 'ALTER TABLE app.users RENAME CONSTRAINT users_team_fk TO users_teams_id_fk',
    subject: ['constraint', 'app.users.users_team_fk', 'app.users.users_teams_id_fk'],
    onBoth: true,
  },
  {
    change: 'ALTER TABLE app.teams RENAME CONSTRAINT teams_pkey TO pk',
    subject: ['constraint', 'app.teams.teams_pkey', 'app.teams.pk'],
  },
  {
    change: 'ALTER INDEX app.users_email_idx RENAME TO "Users_Email_Idx"',
    subject: ['index', 'app.users_email_idx', 'app."Users_Email_Idx"'],
    onBoth: true,
  },
  { change: 'ALTER TYPE app.mood RENAME TO temper', subject: ['enum', 'app.mood', 'app.temper'], onBoth: true },
  { change: 'ALTER DOMAIN app.email RENAME TO address_of', subject: ['domain', 'app.email', 'app.address_of'] },
  {
    change: 'ALTER SEQUENCE app.users_id_seq RENAME TO users_numbers',
    subject: ['sequence', 'app.users_id_seq', 'app.users_numbers'],
  },
  { change: 'ALTER VIEW app.happy RENAME TO happier', subject: ['view', 'app.happy', 'app.happier'] },
  {
    change: 'ALTER MATERIALIZED VIEW app.sizes RENAME TO heights',
    subject: ['materialized view', 'app.sizes', 'app.heights'],
  },
  {
    change: 'ALTER TRIGGER users_touch ON app.users RENAME TO touched',
    subject: ['trigger', 'app.users.users_touch', 'app.users.touched'],
  },
  {
    change: 'ALTER POLICY own_rows ON app.users RENAME TO mine',
    subject: ['policy', 'app.users.own_rows', 'app.users.mine'],
  },
]
