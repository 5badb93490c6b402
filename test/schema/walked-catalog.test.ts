import { expect, test } from 'vitest'
import type { CatalogObject } from '../../lib/schema/catalog.ts'
import type { Difference, Side } from '../../lib/schema/difference.ts'
import { WalkedCatalog } from '../../lib/schema/repair/walked-catalog.ts'

function object(name: string, facts: CatalogObject['attributes'] = {}): CatalogObject {
  return { class: 'table', name, path: ['app', name], attributes: facts }
}

function side(each: CatalogObject, within: CatalogObject[] = []): Side {
  return { object: each, within }
}

test('what goes is gone with all in it, what changes stays in its place, what comes or comes back is last', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => object(name)) as [CatalogObject, ...CatalogObject[]]
  const [changed, fresh] = [object('a', { comment: 'new' }), object('e')]
  const differences: Difference[] = [
    { kind: 'unexpected', actual: side(b!, [c!]) },
    { kind: 'changed', expected: side(changed), actual: side(a), attributes: ['comment'] },
    { kind: 'missing', expected: side(fresh, [object('f')]) },
    { kind: 'missing', expected: side(b!) },
  ]
  const catalog = new WalkedCatalog([a, b!, c!, d!], differences)
  const told = differences.map((each) => {
    catalog.walk(each)
    return catalog.objects().map(({ name, attributes }) => name + String(attributes.comment ?? ''))
  })
  expect(told).toEqual([
    ['a', 'd'],
    ['anew', 'd'],
    ['anew', 'd', 'e', 'f'],
    ['anew', 'd', 'e', 'f', 'b'],
  ])
})
