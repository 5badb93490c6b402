// What is said of a single column of a view, field of a composite type or check of a domain, which are no objects of their own here.
import pg from 'pg'
import type { CatalogObject } from '../catalog.ts'
import { list } from './fact-text.ts'
import { sqlName } from './sql-name.ts'

/** Takes one part of an object to what is said of it; undefined: nothing is. The name is quoted where it must be. */
type Say = (object: CatalogObject, name: string, words: string | undefined) => string[]

const ofColumn: Say = ({ path }, name, words) => [`COMMENT ON COLUMN ${sqlName(path)}.${name} IS ${literal(words)}`]

const SAY: Record<string, Say> = {
  columnComments: ofColumn,
  fieldComments: ofColumn,
  constraintComments: ({ path }, name, words) => [
    `COMMENT ON CONSTRAINT ${name} ON DOMAIN ${sqlName(path)} IS ${literal(words)}`,
  ],
  columnDefaults: ({ path }, name, words) => [
    `ALTER VIEW ${sqlName(path)} ALTER COLUMN ${name} ${words === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${words}`}`,
  ],
  columnSettings: ({ path }, name, words = '') =>
    words.split(/, (?=SET )/).map((each) => `ALTER MATERIALIZED VIEW ${sqlName(path)} ALTER COLUMN ${name} ${each}`),
}

/** The facts that hold such details, each as `name: words`, or `name words` for settings. */
export const DETAILS: readonly string[] = Object.keys(SAY)

/** The statements that say all of it of an object that was just made. */
export function detailStatements(object: CatalogObject): string[] {
  return detailChanges({ ...object, attributes: {} }, object) ?? []
}

/** The statements from one to the other. undefined: some setting cannot be taken back. */
export function detailChanges(from: CatalogObject, to: CatalogObject): string[] | undefined {
  const changes = DETAILS.map((fact) => changesOf(fact, from, to))
  return changes.includes(undefined) ? undefined : changes.flatMap((each) => each ?? [])
}

function changesOf(fact: string, from: CatalogObject, to: CatalogObject): string[] | undefined {
  const [before, after] = [entriesOf(from, fact), entriesOf(to, fact)]
  const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  )
  // How a column is stored when nothing is said hangs on its type.
  if (fact === 'columnSettings' && differing.some((name) => before.has(name))) return undefined
  return differing.flatMap((name) => SAY[fact]?.(to, name, after.get(name)) ?? [])
}

function entriesOf(object: CatalogObject, fact: string): Map<string, string> {
  return new Map(
    list(object, fact).map((entry): [string, string] => {
      const [, name = '', words = ''] = /^("(?:[^"]|"")*"|[^" :]+):? (.*)$/s.exec(entry) ?? []
      return [name, words]
    }),
  )
}

function literal(words: string | undefined): string {
  return words === undefined ? 'NULL' : pg.escapeLiteral(words)
}
