import { expect, test } from 'vitest'
import { HAZARD } from '../../lib/hazard.ts'
import type { ObjectClass } from '../../lib/object-class.ts'
import type { CatalogObject, Fact } from '../../lib/schema/catalog.ts'
import type { Difference } from '../../lib/schema/difference.ts'
import { allRepairs } from '../../lib/schema/repair/all-repairs.ts'
import { repairOf, repairSteps } from '../../lib/schema/repair/repair-of.ts'

type Facts = Record<string, Fact>

function object(kind: ObjectClass, attributes: Facts): CatalogObject {
  const path = IN_TABLE.has(kind) ? ['public', 't', 'a'] : ['public', 'a']
  return { class: kind, name: path.join('.'), path, parent: `table public.t`, definition: 'CREATE …', attributes }
}

const IN_TABLE: ReadonlySet<string> = new Set(['column', 'constraint', 'policy'])

/** Names of the hazards of changing one into the other, or of making it where there is nothing. */
function hazards(kind: ObjectClass, from: Facts | undefined, to: Facts): string[] {
  const expected = { object: object(kind, to), within: [] }
  const attributes = Object.keys({ ...from, ...to }).filter((fact) => from?.[fact] !== to[fact])
  const steps =
    from === undefined
      ? repairSteps({ kind: 'missing', expected }, 'database')
      : repairSteps(
          { kind: 'changed', expected, actual: { object: object(kind, from), within: [] }, attributes },
          'database',
        )
  const told = repairOf(steps === undefined ? {} : { database: steps })?.hazards ?? ['takes a person']
  return told.map((each) => each.split(':')[0] ?? '').toSorted()
}

test.each<[ObjectClass, Facts | undefined, Facts, string[]]>([
  ['column', undefined, { type: 'integer', default: '3' }, ['short lock']],
  ['column', undefined, { type: 'integer', notNull: true }, ['rows', 'short lock']],
  ['column', undefined, { type: 'text', default: `'gen_random_uuid()'::text` }, ['short lock']],
  ['column', undefined, { type: 'uuid', default: 'gen_random_uuid()' }, ['table rewrite']],
  ['column', undefined, { type: 'text', default: 'public.new_id()' }, ['table rewrite']],
  ['column', undefined, { type: 'integer', generated: '(b) STORED', notNull: true }, ['rows', 'table rewrite']],
  ['column', { type: 'character varying(9)' }, { type: 'character varying(19)' }, ['dependents', 'short lock']],
  ['column', { type: 'integer' }, { type: 'bigint' }, ['dependents', 'table rewrite']],
  ['column', { type: 'numeric(9,2)' }, { type: 'integer' }, ['data loss', 'dependents', 'table rewrite']],
  [
    'column',
    { type: 'timestamp without time zone' },
    { type: 'timestamp with time zone' },
    ['dependents', 'table rewrite', 'values'],
  ],
  ['constraint', undefined, { kind: 'UNIQUE', definition: 'UNIQUE (a)' }, ['long lock']],
  ['policy', undefined, { command: 'ALL', roles: ['PUBLIC'] }, ['access', 'short lock']],
  ['table', {}, { unlogged: true }, ['data loss', 'table rewrite']],
  ['table', { forceRowSecurity: true }, {}, ['access', 'short lock']],
  ['function', {}, { securityDefiner: true }, ['access']],
  ['view', { columns: ['a'] }, { columns: ['a'], options: ['security_invoker=true'] }, ['access']],
  ['domain', { notNull: true }, {}, []],
])('%s that is %o and should be %o', (kind, from, to, names) => {
  expect(hazards(kind, from, to)).toEqual(names)
})

test.each([
  ['text', 'character varying(3)', true],
  ['integer', 'bigint', false],
  ['numeric(9,2)', 'numeric(9,1)', true],
])('a column of %s that gets a domain over %s loses values: %s', (before, base, loses) => {
  const domain = { ...object('domain', { type: base }), name: 'public.order', path: ['public', 'order'] }
  const side = (type: string) => ({ object: object('column', { type }), within: [] })
  const difference: Difference = {
    kind: 'changed',
    expected: side('public."order"'),
    actual: side(before),
    attributes: ['type'],
  }
  const catalogs = {
    expected: { serverVersion: '17', objects: [domain, difference.expected.object] },
    actual: { serverVersion: '17', objects: [domain, difference.actual.object] },
  }
  const steps = allRepairs([difference], catalogs).get(difference)?.database ?? []
  expect(steps.map(({ hazards: told }) => told.includes(HAZARD.narrows))).toEqual([loses])
})
