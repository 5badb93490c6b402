// What a database is made of: objects, each with its facts. Both sides of every comparison have this shape.
import { createHash } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { RaingaugeError } from '../error.ts'
import { OBJECT_CLASSES, type ObjectClass } from '../object-class.ts'
import { parseCatalog } from './parse-catalog.ts'

/** One attribute's value. What is at its default, or not there at all, has no fact. */
export type Fact = string | number | boolean | string[]

export type CatalogObject = {
  class: ObjectClass
  /** Unique in its class and made for people: `public.users.email`, `public.total(integer)`. */
  name: string
  /** The identifiers as they are, unquoted: schema, then table where it lives in one, then its own. */
  path: string[]
  /** Argument types, for what may be overloaded. */
  signature?: string
  /** {@link objectKey} of what it lives in: it comes and goes with that. */
  parent?: string
  /** The facts, all of them compared. */
  attributes: Record<string, Fact>
  /** Its place among its siblings; shown, not compared: the same state is reached by many histories. */
  position?: number
  /** DDL as the server writes it; shown, not compared. */
  definition?: string
}

export type Catalog = {
  /** Such as `17.10`; may say more after a space. */
  serverVersion: string
  objects: CatalogObject[]
  /** The role that the migrations run as, whatever it is called here: what it owns and may do is not told. */
  owner?: string
  /** What people made of kinds that no statement reads (modelled.ts), as the server calls it: only where there is some. */
  unmodelled?: { class: string; name: string }[]
  /** Of a baseline: extensions that the migrations make or lean on, and its server could not have, with what they would have brought. */
  lacking?: readonly string[]
}

/** Unique in a catalog. */
export function objectKey(object: Pick<CatalogObject, 'class' | 'name'>): string {
  return `${object.class} ${object.name}`
}

/** Joins identifiers for people, quoting only what would be read wrongly: keywords change with the major, so they stay bare. */
export function qualifiedName(path: readonly string[]): string {
  return path.map((part) => (/^[a-z_][a-z0-9_$]*$/.test(part) ? part : quoted(part))).join('.')
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** The major of a server version such as `17.10 (Debian 17.10-1)`. */
export function majorOf(serverVersion: string): number {
  return Number.parseInt(serverVersion, 10)
}

/**
 * SHA-256, in hexadecimal, over every compared fact and over what is there but not modelled: equal when and only when the same major
 * compares them as equal.
 */
export function fingerprint(catalog: Catalog): string {
  const lines = catalog.objects.map((object) => JSON.stringify([objectKey(object), sortedEntries(object.attributes)]))
  for (const { class: kind, name } of catalog.unmodelled ?? []) lines.push(JSON.stringify([kind, name, 'unmodelled']))
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex')
}

/**
 * Canonical JSON, its fingerprint first, in one zstd frame with a checksum: the same catalog gives the same bytes, in whatever order it
 * was read. `print`: its fingerprint, where that is known.
 */
export function encodeCatalog(catalog: Catalog, print = fingerprint(catalog)): Buffer {
  const objects = sorted(catalog.objects).map((object) => ({
    class: object.class,
    name: object.name,
    path: object.path,
    signature: object.signature,
    parent: object.parent,
    attributes: Object.fromEntries(sortedEntries(object.attributes)),
    position: object.position,
    definition: object.definition,
  }))
  return zstdCompressSync(
    JSON.stringify({
      fingerprint: print,
      serverVersion: catalog.serverVersion,
      owner: catalog.owner,
      objects,
      unmodelled: catalog.unmodelled,
    }),
    {
      params: { [constants.ZSTD_c_checksumFlag]: 1 },
    },
  )
}

/** Reads what {@link encodeCatalog} wrote. Throws `store.corrupt` for anything else. */
export function decodeCatalog(bytes: Uint8Array): Catalog {
  return openCatalog(bytes).decode()
}

/** `fingerprint`: undefined where the bytes do not say. */
export type StoredCatalog = { fingerprint: string | undefined; decode: () => Catalog }

/**
 * The fingerprint of what {@link encodeCatalog} wrote, which is there long before the catalog is: who compares with an equal one needs no
 * more. Both throw `store.corrupt`, this for bytes that are not whole, `decode` for what is no catalog.
 */
export function openCatalog(bytes: Uint8Array): StoredCatalog {
  const text = orCorrupt(() => zstdDecompressSync(bytes).toString('utf8'))
  return {
    fingerprint: /^\{"fingerprint":"(?<hash>[0-9a-f]{64})"/.exec(text)?.groups?.['hash'],
    decode: () => orCorrupt(() => parseCatalog(JSON.parse(text))),
  }
}

function orCorrupt<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new RaingaugeError('store.corrupt', `not a stored catalog: ${String(cause).slice(0, 200)}`, {
      remedy: 'delete it: it is made again when it is needed',
      cause,
    })
  }
}

function sorted(objects: readonly CatalogObject[]): CatalogObject[] {
  const keyed = objects.map((object) => [objectKey(object), object] as const)
  return keyed.toSorted(byKey).map(([, object]) => object)
}

function sortedEntries(attributes: Record<string, Fact>): [string, Fact][] {
  return Object.entries(attributes).toSorted(byKey)
}

function byKey(a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]): number {
  if (a[0] === b[0]) return 0
  return a[0] < b[0] ? -1 : 1
}

/** The order of the classes, then of names: that of a report. */
export function compareObjects(a: CatalogObject, b: CatalogObject): number {
  const byClass = OBJECT_CLASSES.indexOf(a.class) - OBJECT_CLASSES.indexOf(b.class)
  if (byClass !== 0 || a.name === b.name) return byClass
  return a.name < b.name ? -1 : 1
}
