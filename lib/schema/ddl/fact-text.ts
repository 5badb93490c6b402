import type { CatalogObject } from '../catalog.ts'

/** The fact as text; undefined where it is not there. */
export function text(object: CatalogObject, fact: string): string | undefined {
  const value = object.attributes[fact]
  return value === undefined ? undefined : String(value)
}

/** The fact as a list; empty where it is not there. */
export function list(object: CatalogObject, fact: string): string[] {
  const value = object.attributes[fact]
  return Array.isArray(value) ? value : []
}

/** True where the fact is there. */
export function has(object: CatalogObject, fact: string): boolean {
  return object.attributes[fact] !== undefined
}

/** The parts that are there, with blanks between. */
export function words(...parts: (string | false | undefined)[]): string {
  return parts.filter((part) => part !== false && part !== undefined && part !== '').join(' ')
}
