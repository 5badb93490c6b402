import { expect, test } from 'vitest'
import type { CatalogObject } from '../../lib/schema/catalog.ts'
import { pairObjects } from '../../lib/schema/pair-objects.ts'

const OBJECTS = Array.from({ length: 400 }, (_, index): CatalogObject => {
  const kind = index % 3 === 0 ? 'index' : 'column'
  return { class: kind, name: `app.t.x${index}`, path: ['app', 't', `x${index}`], attributes: {} }
})

/** The same each time, and another one for another seed. */
function shuffled(objects: readonly CatalogObject[], seed: number): CatalogObject[] {
  const weight = (index: number): number => ((index + 1) * (seed * 7919 + 104_729)) % 1_299_709
  return objects
    .map((object, index) => [weight(index), object] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, object]) => object)
}

/** What changed rows do to the order that a server tells them in. */
function moved(objects: readonly CatalogObject[], every: number): CatalogObject[] {
  const stays = objects.filter((_, index) => index % every !== 0)
  return [...stays, ...objects.filter((_, index) => index % every === 0)]
}

test.for([
  ['in the same order', (objects: CatalogObject[]) => objects],
  ['with a few at the end', (objects: CatalogObject[]) => moved(objects, 60)],
  ['with many at the end', (objects: CatalogObject[]) => moved(objects, 2)],
  ['backwards', (objects: CatalogObject[]) => objects.toReversed()],
  ['in no order', (objects: CatalogObject[]) => shuffled(objects, 3)],
] as const)('each object meets its like, and those without are told, %s', ([, arranged]) => {
  const [onlyA, onlyB] = [OBJECTS.slice(0, 7), [...OBJECTS.slice(100, 110), ...OBJECTS.slice(395)]]
  const expected = OBJECTS.filter((each) => !onlyB.includes(each))
  const actual = arranged(OBJECTS.filter((each) => !onlyA.includes(each)).map((each) => ({ ...each })))
  const met: string[] = []
  const { missing, unexpected } = pairObjects(expected, actual, (should, is) => {
    expect(is).toEqual(should)
    met.push(should.name)
  })
  expect(met.toSorted()).toEqual(expected.flatMap((each) => (onlyA.includes(each) ? [] : [each.name])).toSorted())
  expect(names(missing)).toEqual(names(onlyA))
  expect(names(unexpected)).toEqual(names(onlyB))
})

test('what is of another class, or of one that the other side has none of, does not meet', () => {
  const [index, column] = (['index', 'column'] as const).map((kind): CatalogObject => ({ ...OBJECTS[0]!, class: kind }))
  const met: CatalogObject[] = []
  const alone = pairObjects([index!], [column!], (should) => met.push(should))
  expect({ met, ...alone }).toEqual({ met: [], missing: [index], unexpected: [column] })
})

function names(objects: readonly CatalogObject[]): string[] {
  return objects.map(({ name }) => name).toSorted()
}
