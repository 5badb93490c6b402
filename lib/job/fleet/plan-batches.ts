// Which databases are looked at one after the other, so that no server has more guests than it may have.
import { createHash } from 'node:crypto'
import type { Tenant } from './tenant.ts'

/** Fewer are not worth a function of their own, where there are others to look at with them. */
const LEAST = 50

/** About as many as a batch should have where there are many: each costs a start, and some transitions of the state machine. */
const USUAL = 250

/**
 * The names of each batch; some may be empty. Who works on a batch looks at one database at a time, and at most `perServer` batches hold databases of
 * one server: so there are never more looks on a server at one time, however many batches run at once. Where a batch lies hangs on its servers and on
 * how many batches there are, so that most databases stay in theirs when the list changes.
 */
export function planBatches(
  tenants: readonly Pick<Tenant, 'name' | 'server'>[],
  { perServer, atOnce }: { perServer: number; atOnce: number },
): string[][] {
  const count = Math.min(Math.max(atOnce, powerOfTwo(tenants.length / USUAL)), Math.ceil(tenants.length / LEAST))
  const batches = Array.from({ length: count }, (): string[] => [])
  const servers = [...Map.groupBy(tenants, ({ server }) => server)].toSorted(([a], [b]) => compare(a, b))
  for (const [server, own] of servers) {
    const names = own.map(({ name }) => name).toSorted(compare)
    const lanes = split(names, Math.min(perServer, count, Math.ceil(names.length / LEAST)))
    const first = createHash('sha256').update(server).digest().readUInt32BE(0)
    for (const [index, lane] of lanes.entries()) batches[(first + index) % count]?.push(...lane)
  }
  return batches
}

function split(names: readonly string[], parts: number): string[][] {
  return Array.from({ length: parts }, (_, part) =>
    names.slice(Math.floor((part * names.length) / parts), Math.floor(((part + 1) * names.length) / parts)),
  )
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)))
}

/** By code unit: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
