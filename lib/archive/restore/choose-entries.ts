// Which entries of an archive a restore takes: all, or what a person named with what that needs.
import { RaingaugeError } from '../../error.ts'
import { qualifiedName, type TocEntry } from '../format/toc-entry.ts'
import { isRemark, isRights, isWanted } from './entry-statements.ts'

export type RestoreChoice = {
  /** Definitions, rows, or both. */
  parts: 'all' | 'schema' | 'data'
  /** Names with or without their schema: `public.users`, `users`. Empty, with `schemas`: everything. */
  tables: readonly string[]
  schemas: readonly string[]
  /** Also who owns what, and who may do what. */
  owners: boolean
}

export const EVERYTHING: RestoreChoice = { parts: 'all', tables: [], schemas: [], owners: false }

/** Each list in the order of the archive. */
export type Chosen = {
  entries: TocEntry[]
  /** Of the entries, those that nobody named: what the named ones need, without its rows. */
  alongside: TocEntry[]
  /** What has to do with the named tables, and needs something that was not named. */
  leftOut: TocEntry[]
}

/** Throws `usage` for a name that the archive does not have. */
export function chooseEntries(all: readonly TocEntry[], choice: RestoreChoice): Chosen {
  const fits = (entry: TocEntry) => isWanted(entry, choice.owners) && isOfPart(entry, choice.parts)
  if (choice.tables.length === 0 && choice.schemas.length === 0) {
    return { entries: all.filter(fits), alongside: [], leftOut: [] }
  }
  const graph = new Dependencies(all)
  const named = withPartitions(namedEntries(all, choice), all)
  const taken = graph.closure(named)
  const owned = new Set(named)
  for (const entry of all) {
    if (taken.has(entry) || !belongs(entry, graph.direct(entry), owned, taken)) continue
    const needs = graph.closure([entry])
    if ([...needs].some((need) => need !== entry && holdsRows(need) && !taken.has(need))) continue
    for (const need of needs) taken.add(need)
    owned.add(entry)
  }
  const entries = all.filter((entry) => taken.has(entry) && fits(entry))
  return {
    entries,
    alongside: entries.filter((entry) => !owned.has(entry)),
    leftOut: all.filter((entry) => !taken.has(entry) && fits(entry) && isMissed(entry, graph.direct(entry), named)),
  }
}

/** Rows, and what stands for them: states of sequences, contents of materialized views, large objects. */
function isData(entry: TocEntry): boolean {
  if (entry.section === 'data' || entry.desc === 'MATERIALIZED VIEW DATA' || entry.desc === 'BLOB') return true
  return (isRemark(entry) || isRights(entry)) && entry.tag.startsWith('LARGE OBJECT')
}

function isOfPart(entry: TocEntry, parts: RestoreChoice['parts']): boolean {
  return parts === 'all' || isData(entry) === (parts === 'data')
}

const RELATIONS = new Set(['TABLE', 'FOREIGN TABLE', 'VIEW', 'MATERIALIZED VIEW', 'SEQUENCE'])

function namedEntries(all: readonly TocEntry[], { tables, schemas }: RestoreChoice): Set<TocEntry> {
  const named = new Set<TocEntry>()
  const take = (word: string, name: string, found: TocEntry[]) => {
    if (found.length === 0) {
      throw new RaingaugeError('usage', `the archive has no ${word} ${JSON.stringify(name)}`, {
        remedy: 'names are written as they are, without quotes, with or without their schema: public.users',
      })
    }
    for (const entry of found) named.add(entry)
  }
  for (const name of tables) {
    const found = all.filter((entry) => entry.tag === name || qualifiedName(entry) === name)
    take(
      'table',
      name,
      found.filter((entry) => RELATIONS.has(entry.desc)),
    )
  }
  for (const name of schemas) {
    const found = all.filter((entry) => entry.namespace === name && entry.section === 'pre-data')
    const schema = all.filter((entry) => entry.desc === 'SCHEMA' && entry.tag === name)
    take('schema', name, [...schema, ...found])
  }
  return named
}

/** The rows of a partitioned table are in its partitions. */
function withPartitions(named: Set<TocEntry>, all: readonly TocEntry[]): Set<TocEntry> {
  const byId = new Map(all.map((entry) => [entry.dumpId, entry]))
  for (let before = -1; before < named.size;) {
    before = named.size
    for (const entry of all) {
      if (entry.desc !== 'TABLE ATTACH') continue
      const [partition, parent] = entry.dependencies.map((id) => byId.get(id))
      if (partition !== undefined && parent !== undefined && named.has(parent)) named.add(partition)
    }
  }
  return named
}

/** What is part of something that is taken. */
function belongs(
  entry: TocEntry,
  needs: readonly TocEntry[],
  owned: ReadonlySet<TocEntry>,
  taken: ReadonlySet<TocEntry>,
): boolean {
  if (isRemark(entry) || isRights(entry) || ['SEQUENCE SET', 'SEQUENCE OWNED BY'].includes(entry.desc)) {
    return needs.length > 0 && needs.every((need) => taken.has(need))
  }
  if (/^(?:PUBLICATION|SUBSCRIPTION|EVENT TRIGGER)/.test(entry.desc)) return false
  const isPart =
    entry.section === 'post-data' || ['TABLE DATA', 'TABLE ATTACH', 'DEFAULT', 'SEQUENCE'].includes(entry.desc)
  return isPart && needs.some((need) => owned.has(need))
}

function holdsRows(entry: TocEntry): boolean {
  return RELATIONS.has(entry.desc) && entry.desc !== 'SEQUENCE'
}

function isMissed(entry: TocEntry, needs: readonly TocEntry[], named: ReadonlySet<TocEntry>): boolean {
  return entry.desc === 'BLOBS' || needs.some((need) => holdsRows(need) && named.has(need))
}

class Dependencies {
  readonly #byId: Map<number, TocEntry>
  readonly #schemas: Map<string, TocEntry>

  constructor(all: readonly TocEntry[]) {
    this.#byId = new Map(all.map((entry) => [entry.dumpId, entry]))
    this.#schemas = new Map(all.filter(({ desc }) => desc === 'SCHEMA').map((entry) => [entry.tag, entry]))
  }

  /** What the entry names as what it needs. */
  direct(entry: TocEntry): TocEntry[] {
    return entry.dependencies.flatMap((id) => this.#byId.get(id) ?? [])
  }

  /** The entries and all that they need, but nobody's rows. */
  closure(entries: Iterable<TocEntry>): Set<TocEntry> {
    const found = new Set(entries)
    // A set tells also of what is added while it is gone through.
    for (const entry of found) {
      for (const need of this.direct(entry)) if (!isData(need)) found.add(need)
      const schema = this.#schemas.get(entry.namespace)
      if (schema !== undefined) found.add(schema)
    }
    return found
  }
}
