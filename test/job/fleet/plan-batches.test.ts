import { expect, test } from 'vitest'
import { planBatches } from '../../../lib/job/fleet/plan-batches.ts'

function tenants(count: number, server: (index: number) => string) {
  return Array.from({ length: count }, (_, index) => ({ name: `tenant ${index}`, server: server(index) }))
}

test.each([
  ['one server with most of them', tenants(10_000, () => 'db-1'), 4, 4],
  ['a hundred servers', tenants(10_000, (index) => `db-${index % 100}`), 2, 200],
  ['a server each', tenants(10_000, (index) => `db-${index}`), 2, 100],
  ['few', tenants(3, () => 'db-1'), 4, 1],
  ['as many as two functions are worth', tenants(50, () => 'db-1'), 4, 2],
])('%s: everybody once, no server in more batches than it may have guests', (_, all, perServer, batches) => {
  const plan = planBatches(all, perServer)
  expect(plan.flat().toSorted()).toEqual(all.map(({ name }) => name).toSorted())
  const serverOf = new Map(all.map(({ name, server }) => [name, server]))
  const guests = Map.groupBy(
    plan.flatMap((batch) => [...new Set(batch.map((name) => serverOf.get(name)))]),
    (server) => server,
  )
  for (const own of guests.values()) expect(own.length).toBeLessThanOrEqual(perServer)
  expect(plan).toHaveLength(batches)
  for (const batch of plan) expect(batch.length).toBeGreaterThan(0)
})

test('the same list gives the same plan, in whatever order it comes', () => {
  const all = tenants(500, (index) => `db-${index % 7}`)
  expect(planBatches(all.toReversed(), 2)).toEqual(planBatches(all, 2))
})
