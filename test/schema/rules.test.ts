import { describe, expect, test } from 'vitest'
import type { IgnoreRule, SchemaRules, SeverityRule } from '../../lib/config/config.ts'
import type { Catalog, CatalogObject, Fact } from '../../lib/schema/catalog.ts'
import { judgeCatalogs, type Judged } from '../../lib/schema/judge-catalogs.ts'
import { parsePattern } from '../../lib/schema/rule-match.ts'

const NOW = new Date('2026-11-22T09:00:00Z')

const schema: CatalogObject = { class: 'schema', name: 'app', path: ['app'], attributes: {} }

function table(name: string, attributes: Record<string, Fact> = {}): CatalogObject {
  return { class: 'table', name: `app.${name}`, path: ['app', name], parent: 'schema app', attributes }
}

function column(inTable: string, name: string, attributes: Record<string, Fact> = {}): CatalogObject {
  return {
    class: 'column',
    name: `app.${inTable}.${name}`,
    path: ['app', inTable, name],
    parent: `table app.${inTable}`,
    attributes: { type: 'text', ...attributes },
  }
}

function index(inTable: string, name: string): CatalogObject {
  const definition = `CREATE INDEX ${name} ON app.${inTable} USING btree (id)`
  return {
    class: 'index',
    name: `app.${name}`,
    path: ['app', inTable, name],
    parent: `table app.${inTable}`,
    attributes: { definition },
  }
}

const expected = of(
  schema,
  table('users'),
  column('users', 'email', { notNull: true, comment: 'where to' }),
  index('users', 'a'),
)
const actual = of(schema, table('users'), column('users', 'email'), table('audit_2026'), index('users', 'b.c'))

function of(...objects: CatalogObject[]): Catalog {
  return { serverVersion: '17.10', objects }
}

function judged(rules: { ignore?: IgnoreRule[]; severity?: SeverityRule[] }, only: string[] = [], now = NOW): Judged {
  const whole: SchemaRules = { ignore: [], severity: [], ...rules }
  return judgeCatalogs('production', expected, actual, { rules: whole, now, only: only.map(parsePattern) })
}

const names = (findings: Judged['findings']): string[] =>
  findings.map(({ kind, subject }) => `${kind.slice(7)} ${subject.name}`)
const leftOut = ({ ignored }: Judged): string[] => names(ignored.map(({ finding }) => finding))

const severityOf = (rule: SeverityRule, name: string) =>
  judged({ severity: [rule] }).findings.find(({ subject }) => subject.name === name)?.severity

/** In the order in which they can be repaired: first what must go. */
const ALL = ['unexpected app.b.c', 'unexpected app.audit_2026', 'changed app.users.email', 'missing app.a']

test('without rules everything is told, and nothing left out', () => {
  const { findings, ignored } = judged({})
  expect([names(findings), ignored]).toEqual([ALL, []])
})

describe('a rule leaves out exactly what it is about', () => {
  test.each<[string, Omit<IgnoreRule, 'reason'>, string[]]>([
    ['a class', { class: 'index' }, ['missing app.a', 'unexpected app.b.c']],
    ['a class and a kind', { class: 'index', kind: 'schema.missing' }, ['missing app.a']],
    ['a glob in a name', { name: 'app.audit_*' }, ['unexpected app.audit_2026']],
    ['a glob of one character', { class: 'index', name: 'app.?' }, ['missing app.a']],
    ['a dot that is a dot', { name: 'app.b?c' }, ['unexpected app.b.c']],
    [
      'a table, with what lives in it',
      { name: 'app.users' },
      ['changed app.users.email', 'missing app.a', 'unexpected app.b.c'],
    ],
    ['a schema, with what lives in it', { name: 'app' }, ALL],
    ['a table alone', { class: 'table', name: 'app.users' }, []],
    ['another environment', { class: 'index', environment: 'staging' }, []],
    ['this environment', { class: 'index', environment: 'production' }, ['missing app.a', 'unexpected app.b.c']],
    ['no part of a name', { name: 'pp.users' }, []],
    ['no other case', { name: 'App.*' }, []],
  ])('%s', (_, rule, gone) => {
    const result = judged({ ignore: [{ ...rule, reason: 'known' }] })
    expect(leftOut(result).toSorted()).toEqual(gone.toSorted())
    expect(names(result.findings)).toEqual(ALL.filter((each) => !gone.includes(each)))
    expect(result.ignored.every(({ reason }) => reason === 'known')).toBe(true)
  })
})

test('a rule about one fact leaves the others of the object told', () => {
  const { findings, ignored } = judged({
    ignore: [{ class: 'column', attribute: 'comment', reason: 'DBAs write them' }],
  })
  expect(findings.find(({ subject }) => subject.class === 'column')).toMatchObject({
    summary: 'column app.users.email: nullable in production, NOT NULL in the migrations',
    severity: 'critical',
  })
  expect(ignored).toMatchObject([
    {
      reason: 'DBAs write them',
      finding: { severity: 'info', summary: expect.stringMatching(/^column app.users.email: no comment/) },
    },
  ])
})

test('the first rule that fits counts', () => {
  const { ignored } = judged({
    ignore: [
      { class: 'index', reason: 'first' },
      { name: 'app.a', reason: 'second' },
    ],
  })
  expect(ignored.map(({ reason }) => reason)).toEqual(['first', 'first'])
})

test('a rule holds to the end of its day, then it ignores nothing and says so', () => {
  const rules = { ignore: [{ class: 'index', reason: 'being built', expires: '2026-11-22' }] }
  expect(leftOut(judged(rules, [], new Date('2026-11-22T23:59:59Z')))).toHaveLength(2)
  const over = judged(rules, [], new Date('2026-11-23T00:00:00Z'))
  expect(over.ignored).toEqual([])
  expect(over.findings.at(-1)).toMatchObject({
    kind: 'schema.rule-expired',
    severity: 'info',
    summary: 'the rule to ignore index (being built) ended on 2026-11-22: 2 told again',
  })
  const idle = judged({ ignore: [{ name: 'gone.*', reason: 'old', expires: '2026-01-01' }] })
  expect(idle.findings.at(-1)?.summary).toMatch(/nothing fits it any more/)
})

test('severities are overridden by class, name, kind and fact', () => {
  expect(severityOf({ class: 'index', severity: 'info' }, 'app.a')).toBe('info')
  expect(severityOf({ kind: 'schema.unexpected', severity: 'critical' }, 'app.audit_2026')).toBe('critical')
  expect(severityOf({ attribute: 'notNull', severity: 'info' }, 'app.users.email')).toBe('info')
  // The comment alone is a note; NOT NULL still is critical.
  expect(severityOf({ attribute: 'comment', severity: 'warning' }, 'app.users.email')).toBe('critical')
})

test('only what is asked for is told, the rest is counted', () => {
  const result = judged({}, ['index:*'])
  expect(names(result.findings)).toEqual(['unexpected app.b.c', 'missing app.a'])
  expect(leftOut(result)).toHaveLength(2)
  expect(names(judged({}, ['app.users', 'table:app.audit*']).findings)).toEqual(ALL)
})

test.each([
  ['index:app.*', { class: 'index', name: 'app.*' }],
  ['materialized view:*', { class: 'materialized view', name: '*' }],
  ['app.users', { name: 'app.users' }],
  ['app."a:b"', { name: 'app."a:b"' }],
])('the pattern %s', (text, pattern) => {
  expect(parsePattern(text)).toEqual(pattern)
})
