// How each fact reads: short, and as DDL where DDL has a word for it.
import type { Fact } from './catalog.ts'

type Phrase = (fact: Fact | undefined) => string

const PHRASES: Record<string, Phrase> = {
  notNull: either('NOT NULL', 'nullable'),
  type: valued('', 'no type'),
  default: valued('DEFAULT ', 'no default'),
  generated: valued('GENERATED ALWAYS AS ', 'not generated'),
  identity: (fact) => (fact === undefined ? 'no identity' : `GENERATED ${show(fact)} AS IDENTITY`),
  identitySequence: valued('SEQUENCE NAME ', 'no identity sequence'),
  identityStart: valued('START WITH ', 'no START'),
  identityIncrement: valued('INCREMENT BY ', 'no INCREMENT'),
  identityMin: valued('MINVALUE ', 'no MINVALUE'),
  identityMax: valued('MAXVALUE ', 'no MAXVALUE'),
  identityCache: valued('CACHE ', 'no CACHE'),
  identityCycle: either('CYCLE', 'NO CYCLE'),
  collation: valued('COLLATE ', 'the collation of its type'),
  storage: valued('STORAGE ', 'the storage of its type'),
  compression: valued('COMPRESSION ', 'default compression'),
  statistics: valued('STATISTICS ', 'default statistics'),
  inherited: either('inherited', 'not inherited'),
  labels: (fact) => `ENUM (${listed(fact)})`,
  fields: (fact) => `(${Array.isArray(fact) ? fact.join(', ') : ''})`,
  constraints: (fact) => (Array.isArray(fact) ? fact.join(' ') : 'no constraint'),
  unlogged: either('UNLOGGED', 'LOGGED'),
  rowSecurity: either('row-level security enabled', 'row-level security disabled'),
  forceRowSecurity: either('row-level security forced on the owner', 'row-level security not forced on the owner'),
  options: (fact) => (Array.isArray(fact) ? `WITH (${fact.join(', ')})` : 'no storage parameters'),
  replicaIdentity: (fact) =>
    fact === true ? 'REPLICA IDENTITY' : valued('REPLICA IDENTITY ', 'no REPLICA IDENTITY')(fact),
  partitionKey: valued('PARTITION BY ', 'not partitioned'),
  partitionBound: valued('', 'no partition'),
  inherits: valued('INHERITS ', 'no parent table'),
  constraintComments: valued('comments on constraints: ', 'no comments on constraints'),
  fieldComments: valued('comments on fields: ', 'no comments on fields'),
  indexComment: valued('comment on its index: ', 'no comment on its index'),
  columnDefaults: valued('defaults of columns: ', 'no defaults of columns'),
  tablespace: valued('TABLESPACE ', 'default tablespace'),
  accessMethod: valued('USING ', 'access method heap'),
  definition: valued('', 'no definition'),
  notValid: either('NOT VALID', 'validated'),
  invalid: either('INVALID', 'valid'),
  invalidIndex: either('its index INVALID', 'its index valid'),
  clustered: either('CLUSTER ON', 'not clustered on'),
  table: valued('ON ', 'no table'),
  indexMethod: valued('USING ', 'no method'),
  include: (fact) => (Array.isArray(fact) ? `INCLUDE (${fact.join(', ')})` : 'no INCLUDE'),
  nullsNotDistinct: either('NULLS NOT DISTINCT', 'NULLS DISTINCT'),
  predicate: valued('WHERE ', 'no WHERE'),
  unique: either('UNIQUE', 'not unique'),
  disabledTriggers: (fact) => (Array.isArray(fact) ? `not enforced (triggers off on ${fact.join(', ')})` : 'enforced'),
  start: valued('START WITH ', 'no START'),
  increment: valued('INCREMENT BY ', 'no INCREMENT'),
  min: valued('MINVALUE ', 'NO MINVALUE'),
  max: valued('MAXVALUE ', 'NO MAXVALUE'),
  cache: valued('CACHE ', 'no CACHE'),
  cycle: either('CYCLE', 'NO CYCLE'),
  ownedBy: (fact) => `OWNED BY ${Array.isArray(fact) ? fact.join('.') : 'NONE'}`,
  query: valued('', 'no query'),
  unpopulated: either('WITH NO DATA', 'WITH DATA'),
  body: valued('', 'no body'),
  arguments: (fact) => `(${fact === undefined ? '' : show(fact)})`,
  result: valued('RETURNS ', 'no result'),
  language: valued('LANGUAGE ', 'no language'),
  volatility: valued('', 'VOLATILE'),
  strict: either('STRICT', 'CALLED ON NULL INPUT'),
  securityDefiner: either('SECURITY DEFINER', 'SECURITY INVOKER'),
  leakproof: either('LEAKPROOF', 'NOT LEAKPROOF'),
  parallel: valued('PARALLEL ', 'PARALLEL UNSAFE'),
  cost: valued('COST ', 'default COST'),
  rows: valued('ROWS ', 'default ROWS'),
  settings: (fact) => (Array.isArray(fact) ? fact.map((each) => `SET ${each}`).join(' ') : 'no SET'),
  firing: (fact) => (fact === undefined ? 'enabled' : (FIRING[show(fact)] ?? show(fact))),
  command: valued('FOR ', 'no command'),
  roles: (fact) => `TO ${Array.isArray(fact) ? fact.join(', ') : ''}`,
  using: (fact) => (fact === undefined ? 'no USING' : `USING (${show(fact)})`),
  check: (fact) => (fact === undefined ? 'no WITH CHECK' : `WITH CHECK (${show(fact)})`),
  restrictive: either('RESTRICTIVE', 'PERMISSIVE'),
  nondeterministic: either('not deterministic', 'deterministic'),
  attachedTo: valued('its index attached to ', 'its index attached to none'),
  alsoOwn: either('also defined here', 'defined by the parent only'),
  trusted: either('TRUSTED', 'not trusted'),
  hashes: either('HASHES', 'no HASHES'),
  merges: either('MERGES', 'no MERGES'),
  finalfuncExtra: either('FINALFUNC_EXTRA', 'no FINALFUNC_EXTRA'),
  mfinalfuncExtra: either('MFINALFUNC_EXTRA', 'no MFINALFUNC_EXTRA'),
  byValue: either('PASSEDBYVALUE', 'passed by reference'),
  preferred: either('PREFERRED', 'not preferred'),
  collatable: either('COLLATABLE', 'not collatable'),
  isDefault: either('DEFAULT', 'not the default'),
  event: valued('ON ', 'no event'),
  tags: (fact) => (Array.isArray(fact) ? `WHEN TAG IN (${listed(fact)})` : 'any tag'),
  function: valued('EXECUTE FUNCTION ', 'no function'),
  handler: valued('HANDLER ', 'no handler'),
  context: valued('', 'explicit only'),
  method: valued('', 'no method'),
  mappings: (fact) => (Array.isArray(fact) ? fact.map((each) => `ADD MAPPING FOR ${each}`).join('\n') : 'no mapping'),
  deferrable: valued('', 'NOT DEFERRABLE'),
  notEnforced: either('NOT ENFORCED', 'ENFORCED'),
  detachPending: either('DETACH PENDING', 'attached'),
  window: either('WINDOW', 'not a window function'),
  transforms: valued('TRANSFORM FOR TYPE ', 'no TRANSFORM'),
  support: valued('SUPPORT ', 'no SUPPORT'),
  identityPersistence: valued('identity sequence ', 'identity sequence kept as its table'),
  notNullNotValid: either('NOT NULL NOT VALID', 'NOT NULL validated'),
  notNullName: valued('NOT NULL named ', 'NOT NULL without a name of its own'),
  notNullNoInherit: either('NOT NULL NO INHERIT', 'NOT NULL inherited by children'),
  schema: valued('SCHEMA ', 'no schema'),
  version: valued('VERSION ', 'no version'),
  comment: (fact) => (fact === undefined ? 'no comment' : `COMMENT '${show(fact).replaceAll("'", "''")}'`),
}

const FIRING: Record<string, string> = {
  DISABLE: 'disabled',
  'ENABLE REPLICA': 'enabled on replicas only',
  'ENABLE ALWAYS': 'enabled always',
}

/** The fact of that name in words; undefined where it is not there. */
export function phrase(name: string, fact: Fact | undefined): string {
  return (PHRASES[name] ?? valued(`${spelled(name)} `, `no ${spelled(name)}`))(fact)
}

/** The name of a fact in words: `subtype diff`. */
export function spelled(name: string): string {
  return name.replaceAll(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)
}

function either(on: string, off: string): Phrase {
  return (fact) => (fact === undefined ? off : on)
}

function valued(before: string, none: string): Phrase {
  return (fact) => (fact === undefined ? none : before + show(fact))
}

function show(fact: Fact): string {
  return Array.isArray(fact) ? fact.join(', ') : String(fact)
}

function listed(fact: Fact | undefined): string {
  return Array.isArray(fact) ? fact.map((each) => `'${each.replaceAll("'", "''")}'`).join(', ') : ''
}
