import { expect, test } from 'vitest'
import type { Catalog, CatalogObject } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { allRepairs } from '../../lib/schema/repair/all-repairs.ts'
import { inRepairOrder } from '../../lib/schema/repair/repair-order.ts'

const family = (name: string): CatalogObject => ({
  class: 'operator family',
  name: `public.${name} USING btree`,
  path: ['public', name],
  attributes: {},
})
const INDEX: CatalogObject = {
  class: 'index',
  name: 'public.numbers_idx',
  path: ['public', 'numbers', 'numbers_idx'],
  attributes: { columns: ['n public.odd'] },
}
const classIn = (name: string): CatalogObject => ({
  class: 'operator class',
  name: 'public.odd USING btree',
  path: ['public', 'odd'],
  parent: `operator family public.${name} USING btree`,
  attributes: { family: ['public', name], type: 'integer' },
})
const type = (kind: 'base type' | 'table'): CatalogObject => ({
  class: kind,
  name: 'public.taken',
  path: ['public', 'taken'],
  attributes: {},
})

test.each([
  {
    is: [family('old'), family('new'), classIn('old'), INDEX],
    should: [family('new'), classIn('new'), INDEX],
    count: 2,
  },
  { is: [type('base type')], should: [type('table')], count: 2 },
])('what waits for one that takes a person takes one, too', ({ is, should, count }) => {
  const [expected, actual] = [should, is].map((objects): Catalog => ({ serverVersion: '17.0', objects })) as [
    Catalog,
    Catalog,
  ]
  const differences = inRepairOrder(diffCatalogs(expected, actual))
  expect(differences).toHaveLength(count)
  const repairs = allRepairs(differences, { expected, actual })
  expect(differences.filter((each) => repairs.get(each)?.database !== undefined)).toEqual([])
})
