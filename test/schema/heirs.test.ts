import { expect, test } from 'vitest'
import type { Catalog, CatalogObject } from '../../lib/schema/catalog.ts'
import type { Difference } from '../../lib/schema/difference.ts'
import { stuckHeirs } from '../../lib/schema/repair/heirs.ts'

const PARTITION: CatalogObject = {
  class: 'table',
  name: 'public.part',
  path: ['public', 'part'],
  attributes: { inherits: ['public.whole'], partitionBound: 'FOR VALUES IN (1)' },
}
const ALONE: CatalogObject = { ...PARTITION, attributes: {} }
const COLUMN: CatalogObject = {
  class: 'column',
  name: 'public.part.late',
  path: ['public', 'part', 'late'],
  parent: 'table public.part',
  attributes: { type: 'integer' },
}
const INHERITED: CatalogObject = { ...COLUMN, attributes: { ...COLUMN.attributes, inherited: true } }

const catalog = (some: CatalogObject[]): Catalog => ({ serverVersion: '17.0', objects: some })

test.each([
  { objects: [ALONE], stuck: 1 },
  { objects: [ALONE, COLUMN], stuck: 0 },
])('a table comes to its parent only with the columns of that: $stuck are for a person', ({ objects, stuck }) => {
  const attached: Difference = {
    kind: 'changed',
    expected: { object: PARTITION, within: [] },
    actual: { object: ALONE, within: [] },
    attributes: ['inherits', 'partitionBound'],
  }
  const catalogs = { expected: catalog([PARTITION, INHERITED]), actual: catalog(objects) }
  expect(stuckHeirs([attached], catalogs, 'database')).toHaveLength(stuck)
})
