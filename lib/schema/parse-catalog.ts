// Holds what was stored against the shape of a catalog. By hand: there are tens of thousands of objects, at every check.
import { OBJECT_CLASSES } from '../object-class.ts'
import type { Catalog, CatalogObject } from './catalog.ts'

/** The catalog that a JSON value is, without the fingerprint that was stored with it. Throws TypeError where it is none. */
export function parseCatalog(value: unknown): Catalog {
  if (!isRecord(value)) throw new TypeError('no object')
  const { fingerprint, serverVersion, owner, objects, unmodelled, ...others } = value
  const [odd] = Object.keys(others)
  if (odd !== undefined) throw new TypeError(`a catalog has no ${odd}`)
  if (!isTextOrNone(fingerprint)) throw new TypeError('fingerprint is no text')
  if (typeof serverVersion !== 'string') throw new TypeError('no serverVersion')
  if (!isTextOrNone(owner)) throw new TypeError('owner is no text')
  if (!Array.isArray(objects)) throw new TypeError('no objects')
  const wrong = objects.findIndex((each) => !isCatalogObject(each))
  if (wrong !== -1) throw new TypeError(`objects[${wrong}] is not an object of a catalog`)
  if (unmodelled !== undefined && !(Array.isArray(unmodelled) && unmodelled.every(isNamed))) {
    throw new TypeError('unmodelled is no list of names')
  }
  return {
    serverVersion,
    ...(owner === undefined ? {} : { owner }),
    objects: objects as CatalogObject[],
    ...(unmodelled === undefined ? {} : { unmodelled }),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTextOrNone(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

function isNamed(value: unknown): value is { class: string; name: string } {
  return isRecord(value) && typeof value['class'] === 'string' && typeof value['name'] === 'string'
}

function isCatalogObject(value: unknown): value is CatalogObject {
  if (!isRecord(value)) return false
  for (const name in value) {
    if (!isPart(name, value[name])) return false
  }
  return 'class' in value && 'name' in value && 'path' in value && 'attributes' in value
}

function isPart(name: string, value: unknown): boolean {
  switch (name) {
    case 'class':
      return CLASSES.has(value)
    case 'name':
    case 'signature':
    case 'parent':
    case 'definition':
      return typeof value === 'string'
    case 'position':
      return typeof value === 'number'
    case 'path':
      return isTexts(value)
    case 'attributes':
      return isFacts(value)
    default:
      return false
  }
}

const CLASSES: ReadonlySet<unknown> = new Set(OBJECT_CLASSES)

function isFacts(value: unknown): boolean {
  if (!isRecord(value)) return false
  for (const name in value) {
    if (!isFact(value[name])) return false
  }
  return true
}

function isFact(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || isTexts(value)
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}
