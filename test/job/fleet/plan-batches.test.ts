import { expect, test } from 'vitest'
import { planBatches } from '../../../lib/job/fleet/plan-batches.ts'

function tenants(count: number, server: (index: number) => string) {
  return Array.from({ length: count }, (_, index) => ({ name: `tenant ${index}`, server: server(index) }))
}

const placeIn = (batches: string[][]): Map<string, number> =>
  new Map(batches.flatMap((batch, index) => batch.map((name) => [name, index])))

test.each([
  ['one server with all of them', tenants(10_000, () => 'db-1'), 4, 4],
  ['a hundred servers', tenants(10_000, (index) => `db-${index % 100}`), 2, 64],
  ['a server each', tenants(10_000, (index) => `db-${index}`), 2, 64],
  ['few', tenants(3, () => 'db-1'), 4, 1],
  ['few, on a server each', tenants(30, (index) => `db-${index}`), 4, 1],
  ['as many as two functions are worth', tenants(100, () => 'db-1'), 4, 2],
])('%s: everybody once, no server in more batches than it may have guests', (_, all, perServer, most) => {
  const plan = planBatches(all, { perServer, atOnce: 20 })
  expect(plan.flat().toSorted()).toEqual(all.map(({ name }) => name).toSorted())
  const serverOf = new Map(all.map(({ name, server }) => [name, server]))
  const guests = Map.groupBy(
    plan.flatMap((batch) => [...new Set(batch.map((name) => serverOf.get(name)))]),
    (server) => server,
  )
  for (const own of guests.values()) expect(own.length).toBeLessThanOrEqual(perServer)
  const used = plan.filter((batch) => batch.length > 0)
  expect(used.length).toBeLessThanOrEqual(most)
  expect(used.length).toBeGreaterThan(most / 2)
})

test('the same list gives the same plan in whatever order it comes, and one more row moves few', () => {
  const limits = { perServer: 2, atOnce: 20 }
  const all = tenants(5_000, (index) => `db-${index % 70}`)
  const plan = planBatches(all, limits)
  expect(planBatches(all.toReversed(), limits)).toEqual(plan)
  const later = planBatches([...all, { name: 'new', server: 'db-new' }], limits)
  const [before, after] = [placeIn(plan), placeIn(later)]
  expect(all.filter(({ name }) => before.get(name) !== after.get(name))).toEqual([])
})
