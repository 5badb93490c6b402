import type { Unit } from './ddl-pool.ts'

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** About `share` of the units, each with all that it needs. */
export function someOf(units: readonly Unit[], share: number, random: () => number): Unit[] {
  const wanted = new Set<string>()
  const want = (each: Unit): void => {
    wanted.add(each.name)
    for (const need of units) if (each.needs.includes(need.name)) want(need)
  }
  for (const each of units) if (random() < share) want(each)
  return units.filter(({ name }) => wanted.has(name))
}

/** The units in a random order in which each comes after what it needs. */
export function shuffled(units: readonly Unit[], random: () => number): Unit[] {
  const waiting = [...units]
  const done = new Set<string>()
  const order: Unit[] = []
  while (waiting.length > 0) {
    const ready = waiting.filter(({ needs }) => needs.every((need) => done.has(need)))
    const next = ready[Math.floor(random() * ready.length)]
    if (next === undefined) throw new Error(`a circle among ${waiting.map(({ name }) => name).join(', ')}`)
    waiting.splice(waiting.indexOf(next), 1)
    done.add(next.name)
    order.push(next)
  }
  return order
}
