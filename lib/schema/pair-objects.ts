// Finds the objects that two catalogs both have. Servers tell most of a class in the same order, so few are looked up by their names.
import type { CatalogObject } from './catalog.ts'

/** How far ahead the other one is looked for. */
const AHEAD = 4
/** So many that were not found ahead say that the two orders of a class have nothing in common. */
const STRAYS = 50

type Meet = (should: CatalogObject, is: CatalogObject) => void

/** Calls `meet` for each object that both have, in no order that means anything, and returns what only one has. */
export function pairObjects(
  expected: readonly CatalogObject[],
  actual: readonly CatalogObject[],
  meet: Meet,
): { missing: CatalogObject[]; unexpected: CatalogObject[] } {
  const is = byClass(actual)
  const alone = [...byClass(expected)].map(([kind, objects]) => {
    const others = is.get(kind) ?? []
    is.delete(kind)
    return pairClass(objects, others, meet)
  })
  return {
    missing: alone.flatMap(({ missing }) => missing),
    unexpected: [...alone.map(({ unexpected }) => unexpected), ...is.values()].flat(),
  }
}

function byClass(objects: readonly CatalogObject[]): Map<string, CatalogObject[]> {
  return Map.groupBy(objects, (each) => each.class)
}

function pairClass(
  expected: readonly CatalogObject[],
  actual: readonly CatalogObject[],
  meet: Meet,
): { missing: CatalogObject[]; unexpected: CatalogObject[] } {
  const [left, right]: [CatalogObject[], CatalogObject[]] = [[], []]
  let [at, beside] = [0, 0]
  while (left.length + right.length < STRAYS) {
    const [should, is] = [expected[at], actual[beside]]
    if (should === undefined || is === undefined) break
    if (should.name === is.name) {
      meet(should, is)
      at++
      beside++
      continue
    }
    const stray = strayAt(expected, at, actual, beside)
    if (stray !== 'actual') left.push(should)
    if (stray !== 'expected') right.push(is)
    if (stray !== 'actual') at++
    if (stray !== 'expected') beside++
  }
  const others = new Map([...right, ...actual.slice(beside)].map((each) => [each.name, each]))
  const missing = [...left, ...expected.slice(at)].filter((each) => {
    const other = others.get(each.name)
    if (other !== undefined) meet(each, other)
    others.delete(each.name)
    return other === undefined
  })
  return { missing, unexpected: [...others.values()] }
}

/** Which of two that are not the same stands in the way of the other, which is found a few places ahead. */
function strayAt(
  expected: readonly CatalogObject[],
  at: number,
  actual: readonly CatalogObject[],
  beside: number,
): 'expected' | 'actual' | 'both' {
  for (let steps = 1; steps <= AHEAD; steps++) {
    if (expected[at + steps]?.name === actual[beside]?.name) return 'expected'
    if (expected[at]?.name === actual[beside + steps]?.name) return 'actual'
  }
  return 'both'
}
