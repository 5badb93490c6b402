import { expect, test } from 'vitest'
import { objectKey, qualifiedName, type CatalogObject } from '../../lib/schema/catalog.ts'
import { stands } from '../../lib/schema/repair/leaning-on-stuck.ts'
import { LikelyUsed } from '../../lib/schema/repair/likely-used.ts'

function object(kind: CatalogObject['class'], path: string[], rest: Partial<CatalogObject> = {}): CatalogObject {
  return { class: kind, name: qualifiedName(path), path, attributes: {}, ...rest }
}

/** Names that are quoted, that are a part of another, and that no word of ASCII is in. */
const TABLES = [
  ['app', 'users'],
  ['app', 'all users'],
  ['app', 'users-of.mine'],
  ['übung', 'größe'],
  ['éé', 'üü'],
]
const made = TABLES.flatMap((path) => {
  const parent = objectKey(object('table', path))
  return [
    object('table', path),
    object('column', [...path, 'id'], { parent, attributes: { type: 'integer' } }),
    object('column', [...path, 'Größe'], { parent, attributes: { type: 'app.mood' } }),
    object('index', [path[0]!, `${path[1]}_id`], { parent, attributes: { unique: true, columns: ['id'] } }),
    object('constraint', [...path, 'check'], { parent, attributes: { kind: 'CHECK', definition: 'CHECK (id > 0)' } }),
  ]
})
const users = TABLES.map((path, index) =>
  object('view', ['app', `v${index}`], {
    attributes: { query: ` SELECT ${qualifiedName(path)}.id, x."Größe"\n   FROM ${qualifiedName(path)}, app.mood` },
  }),
)
const others = [
  object('enum', ['app', 'mood'], { attributes: { labels: ['fine'] } }),
  object('function', ['app', 'f'], {
    signature: '"éé"."üü"',
    attributes: { arguments: 'one "éé"."üü"', body: 'SELECT id FROM app.users', language: 'sql' },
  }),
  object('constraint', ['app', 'users', 'mine'], {
    parent: 'table app.users',
    attributes: { kind: 'FOREIGN KEY', definition: 'FOREIGN KEY (id) REFERENCES app."all users"(id)' },
  }),
]
const all = [...made, ...users, ...others]

test('what an object stands on is among what it is likely to use, whatever the names', () => {
  const likely = new LikelyUsed(all)
  const standing = all.flatMap((user) => all.filter((used) => stands(user, used)).map((used) => [user, used] as const))
  expect(standing.filter(([user, used]) => !likely.of(user).includes(used))).toEqual([])
  expect(standing.filter(([, used]) => used.class === 'column').length).toBeGreaterThan(TABLES.length)
  expect(standing.filter(([, used]) => used.class === 'table').length).toBeGreaterThanOrEqual(TABLES.length)
})

test('columns of tables that are not mentioned are not looked at, though they are called alike', () => {
  const columns = new LikelyUsed(all).of(users[0]!).filter((each) => each.class === 'column')
  expect(columns.map(({ parent }) => parent)).not.toContain('table app."users-of.mine"')
  expect(columns.map(({ parent }) => parent)).toContain('table app.users')
})
