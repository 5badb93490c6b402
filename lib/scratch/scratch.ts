// Scratch databases for a run: servers are started when first asked for, and ended together.
import type { Target } from '../postgres/target.ts'
import { chooseRoad, type Choice, type Offer } from './choose-road.ts'
import { embeddedRoad } from './embedded-road.ts'
import { namedRoad, type NamedServer } from './named-road.ts'
import { PGLITE_MAJOR } from './pglite-server.ts'
import { pgliteRoad } from './pglite-road.ts'
import type { Road, Wish } from './road.ts'
import { noServerBinaries } from './server-binaries.ts'

export type Scratch = {
  /**
   * Lends an empty database, and drops it afterwards: on a packaged server of that major, or, for an extension that only that has,
   * on another road, whose major may be another. Where none has all extensions, `lent` says what is missing. Throws
   * `scratch.unavailable`, and `postgres.*` where the server of the configuration cannot be reached.
   */
  withDatabase<T>(major: number, use: (target: Target, lent: Choice) => Promise<T>, wish?: Wish): Promise<T>
}

export type ScratchOptions = {
  /** Where a bundle put the server programs, by major. */
  folders?: Readonly<Record<number, string>>
  /** The server that the configuration names; undefined: none. */
  named?: (() => Promise<NamedServer>) | undefined
  signal?: AbortSignal | undefined
  /** Told which road is taken where it is not the usual one. */
  progress?: (line: string) => void
}

/** Lends a scratch to `use` and ends its servers in every case. */
export async function withScratch<T>(
  use: (scratch: Scratch) => Promise<T>,
  { folders, named, signal, progress }: ScratchOptions = {},
): Promise<T> {
  const roads = [
    embeddedRoad(folders, signal),
    pgliteRoad(signal),
    ...(named === undefined ? [] : [namedRoad(named, signal)]),
  ]
  try {
    return await use({
      async withDatabase(major, useTarget, wish = {}) {
        const offers = await collectOffers(roads, major, wish)
        const choice = chooseRoad(offers, wish.extensions ?? [])
        const road = roads.find(({ name }) => name === choice?.road)
        if (choice === undefined || road === undefined) throw noServerBinaries(major)
        if (road.name !== 'embedded') progress?.(describe(road))
        const offered = offers.find((offer) => offer.road === road.name)?.extensions ?? new Set()
        return await road.withDatabase(major, offered, (target) => useTarget(target, choice), wish.alone ?? false)
      },
    })
  } finally {
    for (const road of roads) await road.stop()
  }
}

/** Asks one road after the other, and no further than to the first that has everything: the later ones cost more. */
async function collectOffers(roads: readonly Road[], major: number, wish: Wish): Promise<Offer[]> {
  const offers: Offer[] = []
  for (const road of roads) {
    const extensions = await road.offer(major, wish)
    if (extensions === null) continue
    offers.push({ road: road.name, extensions })
    if ((wish.extensions ?? []).every((each) => extensions.has(each))) break
  }
  return offers
}

function describe({ name }: Road): string {
  switch (name) {
    case 'embedded':
      return 'scratch: an embedded server'
    case 'pglite':
      return `scratch: PGlite (Postgres ${PGLITE_MAJOR}), for extensions that the embedded servers lack`
    case 'named':
      return 'scratch: the server of the configuration'
    default:
      return name satisfies never
  }
}
