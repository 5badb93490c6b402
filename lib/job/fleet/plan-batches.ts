// Which databases are looked at one after the other, so that no server has more guests than it may have.
import type { Tenant } from './tenant.ts'

/** Fewer are not worth a function of their own. */
const LEAST = 25

/** Short ones of several servers are put together up to here: a start costs more than a look. */
const FULL = 100

/**
 * The names of each batch. Who works on a batch looks at one database at a time, and at most `perServer` batches hold databases of one server:
 * so there are never more looks on a server at one time, however many batches run at once.
 */
export function planBatches(tenants: readonly Pick<Tenant, 'name' | 'server'>[], perServer: number): string[][] {
  const long: string[][] = []
  const short: string[][] = []
  for (const [, own] of [...Map.groupBy(tenants, ({ server }) => server)].toSorted(([a], [b]) => compare(a, b))) {
    const names = own.map(({ name }) => name).toSorted(compare)
    const lanes = Math.min(perServer, Math.ceil(names.length / LEAST))
    if (lanes === 1 && names.length < FULL) short.push(names)
    else long.push(...split(names, lanes))
  }
  return [...long, ...pack(short)]
}

function split(names: readonly string[], parts: number): string[][] {
  return Array.from({ length: parts }, (_, part) =>
    names.slice(Math.floor((part * names.length) / parts), Math.floor(((part + 1) * names.length) / parts)),
  )
}

function pack(lanes: readonly string[][]): string[][] {
  const packed: string[][] = []
  for (const lane of lanes) {
    const last = packed.at(-1)
    if (last === undefined || last.length + lane.length > FULL) packed.push([...lane])
    else last.push(...lane)
  }
  return packed
}

/** By code unit: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
