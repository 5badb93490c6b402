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
  {
    change: 'ALTER FUNCTION app.total RENAME TO sum_of',
    subject: ['function', 'app.total(integer, integer)', 'app.sum_of(integer, integer)'],
    onBoth: true,
  },
  { change: 'ALTER FUNCTION app.touch RENAME TO touched', subject: ['function', 'app.touch()', 'app.touched()'] },
  { change: 'ALTER PROCEDURE app.tidy RENAME TO "Clean"', subject: ['procedure', 'app.tidy()', 'app."Clean"()'] },
  {
    change: 'ALTER AGGREGATE app.longest(text) RENAME TO last_of',
    subject: ['aggregate', 'app.longest(text)', 'app.last_of(text)'],
  },
  {
    change: 'ALTER TYPE app.address RENAME TO location',
    subject: ['composite type', 'app.address', 'app.location'],
    onBoth: true,
  },
  { change: 'ALTER TYPE app.span RENAME TO reach', subject: ['range type', 'app.span', 'app.reach'] },
  { change: 'ALTER TABLE app.users SET SCHEMA around', subject: ['table', 'app.users', 'around.users'], onBoth: true },
  { change: 'ALTER TABLE app.logs SET SCHEMA around', subject: ['table', 'app.logs', 'around.logs'] },
  { change: 'ALTER VIEW app.happy SET SCHEMA around', subject: ['view', 'app.happy', 'around.happy'] },
  { change: 'ALTER TYPE app.mood SET SCHEMA around', subject: ['enum', 'app.mood', 'around.mood'] },
  {
    change: 'ALTER TYPE app.address SET SCHEMA around',
    subject: ['composite type', 'app.address', 'around.address'],
  },
  { change: 'ALTER TYPE app.span SET SCHEMA public', subject: ['range type', 'app.span', 'public.span'] },
  { change: 'ALTER SEQUENCE app.tickets SET SCHEMA around', subject: ['sequence', 'app.tickets', 'around.tickets'] },
  { change: 'ALTER FUNCTION app.touch SET SCHEMA around', subject: ['function', 'app.touch()', 'around.touch()'] },
  {
    change: 'ALTER FOREIGN TABLE around.old_books RENAME TO older',
    subject: ['foreign table', 'around.old_books', 'around.older'],
  },
  {
    change: 'ALTER COLLATION app.plain RENAME TO bare',
    subject: ['collation', 'app.plain', 'app.bare'],
  },
  {
    change: 'ALTER STATISTICS app.parts_stats RENAME TO reckoned',
    subject: ['statistics object', 'app.parts_stats', 'app.reckoned'],
  },
  {
    change: 'ALTER RULE parts_keep ON app.parts RENAME TO keep',
    subject: ['rule', 'app.parts.parts_keep', 'app.parts.keep'],
  },
  { change: 'ALTER EVENT TRIGGER watch_drops RENAME TO watch', subject: ['event trigger', 'watch_drops', 'watch'] },
  { change: 'ALTER PUBLICATION books RENAME TO shelf', subject: ['publication', 'books', 'shelf'] },
  { change: 'ALTER SERVER library RENAME TO archive', subject: ['server', 'library', 'archive'] },
  {
    change: 'ALTER TEXT SEARCH DICTIONARY app.terms RENAME TO words',
    subject: ['text search dictionary', 'app.terms', 'app.words'],
  },
  {
    change: 'ALTER TEXT SEARCH CONFIGURATION app.search RENAME TO seek',
    subject: ['text search configuration', 'app.search', 'app.seek'],
  },
]
