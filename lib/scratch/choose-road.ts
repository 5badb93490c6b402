// Which scratch server to take, where there are several and not each can have every extension.

/** `embedded`: the packaged server of the same major; `pglite`: Postgres as WebAssembly; `named`: the server of the configuration. */
export type RoadName = 'embedded' | 'pglite' | 'named'

/** A road that is there, and those of the wished extensions that it can have. */
export type Offer = { road: RoadName; extensions: ReadonlySet<string> }

/** What is taken, and those of the wished extensions that are not to be had on it. */
export type Choice = { road: RoadName; missing: string[] }

/**
 * The first of the offers, in the order given, that has every extension; else the first of those that have most: a migration may
 * make an extension only where it is to be had. undefined: there is no offer at all.
 */
export function chooseRoad(offers: readonly Offer[], wished: readonly string[]): Choice | undefined {
  const choices = offers.map(({ road, extensions }) => ({
    road,
    missing: wished.filter((each) => !extensions.has(each)),
  }))
  const fewest = Math.min(...choices.map(({ missing }) => missing.length))
  return choices.find(({ missing }) => missing.length === fewest)
}

/** What to do about extensions that no scratch server has. */
export function extensionRemedy(missing: readonly string[]): string {
  const names = missing.length === 0 ? 'the extension' : missing.join(', ')
  return (
    `the embedded servers have contrib only: npm install the PGlite package of ${names}, such as @electric-sql/pglite-postgis, ` +
    `or name a Postgres that can have ${names} in scratch.url or DATABASE_URL_SCRATCH; until then only the history is checked`
  )
}
