// GRANT and REVOKE, from the facts of a role.
import pg from 'pg'
import type { CatalogObject } from '../catalog.ts'
import { databaseSettings, onThisDatabase } from '../ddl/database-settings.ts'
import { accessDelta, type Held } from './access-delta.ts'
import { ITS_OWNER, parseAccessFact, PUBLIC } from './access-facts.ts'

/** How GRANT calls each class (manual, GRANT). */
const GRANT_WORDS: Record<string, string> = {
  'foreign data wrapper': 'FOREIGN DATA WRAPPER',
  'materialized view': 'TABLE',
  'foreign table': 'TABLE',
  'composite type': 'TYPE',
  'range type': 'TYPE',
  'base type': 'TYPE',
  aggregate: 'FUNCTION',
  procedure: 'PROCEDURE',
  function: 'FUNCTION',
  sequence: 'SEQUENCE',
  language: 'LANGUAGE',
  server: 'FOREIGN SERVER',
  schema: 'SCHEMA',
  domain: 'TYPE',
  column: 'TABLE',
  table: 'TABLE',
  view: 'TABLE',
  enum: 'TYPE',
}

const GRANT_OPTION = ' WITH GRANT OPTION'

/** Everything that the role has, as statements for people to read. */
export function grantStatements(role: CatalogObject): string[] {
  return accessStatements({ ...role, attributes: {} }, role, { readable: true }) ?? []
}

/** What only one of the two states has, as statements. */
export function accessShown(
  expected: CatalogObject | undefined,
  actual: CatalogObject | undefined,
): { expected?: string; actual?: string } {
  const role = actual ?? expected
  if (role === undefined) return {}
  const nothing = { ...role, attributes: {} }
  const [should, is] = [without(expected ?? nothing, actual), without(actual ?? nothing, expected)].map((each) =>
    grantStatements(each)
      .map((line) => `${line};`)
      .join('\n'),
  ) as [string, string]
  return { ...(should === '' ? {} : { expected: should }), ...(is === '' ? {} : { actual: is }) }
}

/** The role without the facts that the other one has too. */
function without(role: CatalogObject, other: CatalogObject | undefined): CatalogObject {
  const own = Object.entries(role.attributes).filter(
    ([fact, value]) => JSON.stringify(other?.attributes[fact]) !== JSON.stringify(value),
  )
  return { ...role, attributes: Object.fromEntries(own) }
}

/**
 * The statements that take a role from one state to the other; undefined where one of them takes a person: an owner to go back to that
 * `ownerOf` does not know by the key of the thing, a right of an owner, a secret setting. `readable`: these are then told in a remark instead.
 */
export function accessStatements(
  from: CatalogObject,
  to: CatalogObject,
  { readable = false, ownerOf }: { readable?: boolean; ownerOf?: (key: string) => string | undefined } = {},
): string[] | undefined {
  const [role = ''] = to.path
  const { more, less, owns, lost, settings } = accessDelta(from, to)
  const secret = [...(settings?.actual ?? []), ...(settings?.expected ?? [])].some((each) => each.endsWith('=(hidden)'))
  const given = lost.map((key) => [key, ownerOf?.(key)] as const)
  const odd = role === ITS_OWNER || given.some(([, owner]) => owner === undefined) || secret
  if (odd && !readable) return undefined
  const grantee = role === PUBLIC ? PUBLIC : pg.escapeIdentifier(role)
  const steps = [
    ...owns.map((key) => `ALTER ${ownerReference(key)} OWNER TO ${grantee}`),
    ...given.flatMap(([key, owner]) => (owner === undefined ? [] : [`ALTER ${ownerReference(key)} OWNER TO ${owner}`])),
    ...less.flatMap((held) => statements('REVOKE', held, grantee, to)),
    ...more.flatMap((held) => statements('GRANT', held, grantee, to)),
    ...less.flatMap(({ fact }) => columnsAgain(fact, to, grantee)),
    ...(settings === undefined ? [] : databaseSettings(settings.expected, settings.actual, role)),
  ]
  if (readable) return steps.filter((each) => each !== undefined)
  return steps.includes(undefined) ? undefined : (steps as string[])
}

/** One statement for what goes or comes whole, and one for what only its grant option does. */
function statements(
  verb: 'GRANT' | 'REVOKE',
  { fact, privileges }: Held,
  grantee: string,
  to: CatalogObject,
): (string | undefined)[] {
  const has = Array.isArray(to.attributes[fact]) ? to.attributes[fact] : []
  const halves =
    verb === 'GRANT'
      ? Map.groupBy(privileges, (each) => each.endsWith(GRANT_OPTION))
      : Map.groupBy(privileges, (each) => has.includes(each.replace(GRANT_OPTION, '')))
  return [...halves].map(([optionOnly, each]) => {
    const names = each.map((privilege) => privilege.replace(GRANT_OPTION, ''))
    if (verb === 'GRANT') return statement(names, fact, ['GRANT', `TO ${grantee}${optionOnly ? GRANT_OPTION : ''}`])
    return statement(names, fact, [optionOnly ? 'REVOKE GRANT OPTION FOR' : 'REVOKE', `FROM ${grantee}`])
  })
}

function statement(privileges: readonly string[], fact: string, [verb, grantee]: [string, string]): string | undefined {
  const about = parseAccessFact(fact)
  if (about.kind === 'future') {
    const maker = about.maker === undefined ? '' : ` FOR ROLE ${pg.escapeIdentifier(about.maker)}`
    const schema = about.schema === undefined ? '' : ` IN SCHEMA ${sqlOf(about.schema)}`
    return `ALTER DEFAULT PRIVILEGES${maker}${schema} ${verb} ${privileges.join(', ')} ON ${about.objects.toUpperCase()} ${grantee}`
  }
  if (about.kind !== 'grants') return undefined
  if (about.key.startsWith('database '))
    return onThisDatabase(`${verb} ${privileges.join(', ')} ON DATABASE %I ${grantee.replaceAll('%', '%%')}`)
  const [kind, name] = splitKey(about.key)
  const word = GRANT_WORDS[kind]
  if (word === undefined) return undefined
  if (kind !== 'column') return `${verb} ${privileges.join(', ')} ON ${word} ${sqlOf(name)} ${grantee}`
  const path = pathOf(name)
  const column = pg.escapeIdentifier(path.at(-1) ?? '')
  const onColumn = privileges.map((privilege) => `${privilege} (${column})`).join(', ')
  return `${verb} ${onColumn} ON TABLE ${joined(path.slice(0, -1))} ${grantee}`
}

/** A privilege that is revoked on a table goes from all its columns too (manual, REVOKE). */
function columnsAgain(fact: string, to: CatalogObject, grantee: string): (string | undefined)[] {
  const [kind, name] = splitKey(fact)
  if (GRANT_WORDS[kind] !== 'TABLE' || kind === 'column') return []
  return Object.entries(to.attributes).flatMap(([other, privileges]) =>
    other.startsWith(`column ${name}.`) && Array.isArray(privileges)
      ? statements('GRANT', { fact: other, privileges }, grantee, to)
      : [],
  )
}

function ownerReference(key: string): string {
  const [kind, name] = splitKey(key)
  const word = kind in GRANT_WORDS ? kind.replace(/^(?:enum|composite type|range type|base type)$/, 'type') : kind
  return `${word.toUpperCase()} ${kind in GRANT_WORDS ? sqlOf(name) : name}`
}

function splitKey(key: string): [kind: string, name: string] {
  const kind = Object.keys(GRANT_WORDS).find((each) => key.startsWith(`${each} `))
  if (kind !== undefined) return [kind, key.slice(kind.length + 1)]
  const [, first = '', rest = ''] = /^((?:[a-z]+ )+)(.+)$/s.exec(key) ?? []
  return [first.trim(), rest]
}

/** A name as the catalog tells it, with all of it quoted, so that keywords are names too; a signature stays as it is. */
function sqlOf(name: string): string {
  const [, path = name, signature = ''] = /^((?:"(?:[^"]|"")*"|[^"(])*)(\(.*\))?$/s.exec(name) ?? []
  return joined(pathOf(path)) + signature
}

function pathOf(name: string): string[] {
  return [...name.matchAll(/"((?:[^"]|"")*)"|([^.]+)/g)].map(
    ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare,
  )
}

function joined(path: readonly string[]): string {
  return path.map((part) => pg.escapeIdentifier(part)).join('.')
}
