// Constants that a migration took from the clock: of `timestamp DEFAULT 'now()'` the server keeps the moment at which it was said (manual, 8.5.1.4).
import { objectKey, type Catalog, type CatalogObject, type Fact } from './catalog.ts'

/** When a replay ran, by the clock of its server; milliseconds since 1970. */
export type ReplayTime = { began: number; ended: number }

/** As expressions are written for a catalog: ISO, in UTC. Only these types take a moment from the clock. */
const CONSTANT =
  /'(?<date>\d{4}-\d\d-\d\d)?(?<blank> ?)(?<time>\d\d:\d\d:\d\d(?:\.\d+)?)?(?:\+00)?'(?=::(?:timestamp|date|time)\b)/g
const NOW = `'now'`
const MARKED = /'now'(?=::(?:timestamp|date|time)\b)/g

const DAY_MS = 86_400_000

/**
 * The catalog that a replay made, with `'now'` in place of every constant that it took from its clock: no other replay, and no live
 * database, has the same. `texts`: of the migrations, asked only where a constant is the day of the replay, which may stand in them.
 */
export async function markMoments(
  catalog: Catalog,
  time: ReplayTime,
  texts: () => Promise<readonly string[]>,
): Promise<Catalog> {
  const found = catalog.objects.some((object) => facts(object).some((fact) => mark(fact, time, () => true) !== fact))
  if (!found) return catalog
  const text = (await texts()).join('\n')
  const isComputed = (date: string): boolean => !text.includes(date)
  return withFacts(catalog, (fact) => mark(fact, time, isComputed))
}

/** The catalog with the constants of the other where it has marked ones: when that database took them, nobody can say. */
export function settleMoments(marked: Catalog, other: Catalog): Catalog {
  if (!marked.objects.some(hasMarked)) return marked
  const others = new Map(other.objects.map((object) => [objectKey(object), object.attributes]))
  return withFacts(marked, (fact, name, object) => {
    const constant = others.get(objectKey(object))?.[name]
    return typeof constant === 'string' && isMarked(fact) && fits(fact, constant) ? constant : fact
  })
}

function facts({ attributes }: CatalogObject): string[] {
  return Object.values(attributes).filter((fact) => typeof fact === 'string')
}

/** Asked of every object of a catalog: no list is made. */
function hasMarked({ attributes }: CatalogObject): boolean {
  for (const name in attributes) {
    const fact = attributes[name]
    if (typeof fact === 'string' && fact.includes(NOW) && isMarked(fact)) return true
  }
  return false
}

function isMarked(fact: string): boolean {
  return fact.search(MARKED) >= 0
}

function withFacts(catalog: Catalog, change: (fact: string, name: string, object: CatalogObject) => string): Catalog {
  const objects = catalog.objects.map((object) => {
    const entries = Object.entries(object.attributes).map(([name, fact]): [string, Fact] => [
      name,
      typeof fact === 'string' ? change(fact, name, object) : fact,
    ])
    return { ...object, attributes: Object.fromEntries(entries) }
  })
  return { ...catalog, objects }
}

function mark(fact: string, time: ReplayTime, isComputed: (date: string) => boolean): string {
  if (!fact.includes(`'::`)) return fact
  return fact.replaceAll(CONSTANT, (whole, ...rest) => {
    const { date, time: clock } = rest.at(-1) as { date?: string; time?: string }
    return isOfTheMoment(date, clock, time, isComputed) ? NOW : whole
  })
}

function isOfTheMoment(
  date: string | undefined,
  clock: string | undefined,
  { began, ended }: ReplayTime,
  isComputed: (date: string) => boolean,
): boolean {
  const isWithin = (day: string): boolean => {
    const moment = Date.parse(`${day}T${clock}Z`)
    // Constants have microseconds, and the clock was read in milliseconds.
    return moment >= began - 1 && moment <= ended + 1
  }
  if (date === undefined) {
    // A time of the day that somebody wrote has no fraction of a second.
    return clock !== undefined && /\.\d{3}/.test(clock) && [began, ended].map(dayOf).some(isWithin)
  }
  if (clock !== undefined && clock !== '00:00:00') return isWithin(date)
  // `today`, `yesterday` and `tomorrow` besides.
  return [began - DAY_MS, began, ended, ended + DAY_MS].map(dayOf).includes(date) && isComputed(date)
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10)
}

function fits(marked: string, constant: string): boolean {
  const pattern = marked
    .split(MARKED)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join(String.raw`'(?:now|[-\d:. +]+)'`)
  return new RegExp(`^${pattern}$`).test(constant)
}
