// What two catalogs differ in.
import type { CatalogObject } from './catalog.ts'

/** An object with everything that lives in it. */
export type Side = {
  object: CatalogObject
  within: CatalogObject[]
  /** What it lives in itself. */
  home?: CatalogObject
}

export type Difference =
  | { kind: 'missing'; expected: Side }
  | { kind: 'unexpected'; actual: Side }
  | {
      kind: 'changed'
      expected: Side
      actual: Side
      /** Names of the facts that differ, in order. */
      attributes: string[]
      /** What changed in the same way and is told with it: see fold-disabled.ts. */
      alike?: Difference[]
    }
  /** What is missing is there under another name: see fold-renames.ts. */
  | { kind: 'renamed'; expected: Side; actual: Side }

/** The object that a difference is about: as it is where there is one of that name, else as it should be. */
export function objectOf(difference: Difference): CatalogObject {
  return difference.kind === 'missing' || difference.kind === 'renamed'
    ? difference.expected.object
    : difference.actual.object
}

/** What the object of a difference should be, and what it is; undefined: not there. */
export function sidesOf(
  difference: Difference,
): [expected: CatalogObject | undefined, actual: CatalogObject | undefined] {
  return [
    difference.kind === 'unexpected' ? undefined : difference.expected.object,
    difference.kind === 'missing' ? undefined : difference.actual.object,
  ]
}
