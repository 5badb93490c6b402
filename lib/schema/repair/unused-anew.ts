// What the server can only take away and make again: where nothing uses it, that harms nobody.
import { HAZARD } from '../../hazard.ts'
import { qualifiedName, type Catalog, type CatalogObject } from '../catalog.ts'
import { createStatements } from '../ddl/create-statements.ts'
import { has, text } from '../ddl/fact-text.ts'
import { sqlReference } from '../ddl/sql-reference.ts'
import type { Difference } from '../difference.ts'
import { hasStandardBody } from './standard-body.ts'
import { step, type Step } from './step.ts'

const KINDS: ReadonlySet<string> = new Set(['domain', 'range type', 'collation', 'operator class'])

/** The steps for a domain, a range type, a collation or an operator class of the catalog; `rights`: those that it has. undefined: it is in use, or is something else. */
export function unusedAnew(
  difference: Difference,
  { objects }: Catalog,
  rights: readonly string[],
): Step[] | undefined {
  if (difference.kind !== 'changed' || !KINDS.has(difference.actual.object.class)) return undefined
  const [from, to] = [difference.actual.object, difference.expected.object]
  // An index says nothing of it where it has the class of the type.
  if (has(from, 'isDefault') && from.class === 'operator class') return undefined
  const names = [qualifiedName(from.path), ...[text(from, 'multirange') ?? []].flat()]
  const used = objects.some(
    (each) => each !== from && each.class !== 'role' && names.some((name) => mentions(each, name)),
  )
  if (used) return undefined
  return [
    // An operator class goes with its family.
    step(
      `DROP ${sqlReference(from).replace(/^(?:[A-Z]+ )+/, '$&IF EXISTS ')}`,
      HAZARD.dependents,
      HAZARD.oneTransaction,
    ),
    ...createStatements({ object: to, within: [] }).map((sql) => step(sql)),
    ...rights.map((sql) => step(sql)),
  ]
}

/** True where a type, or its like, stands in a fact of the object; the server does not look into any body but a standard one. */
export function mentions(object: CatalogObject, name: string): boolean {
  const { attributes, signature = '' } = object
  // Asked of every object: nothing is put together where the name stands nowhere.
  const last = name.slice(name.lastIndexOf('.') + 1)
  const texts = signature.includes(last) ? [signature] : []
  for (const fact in attributes) {
    const told = String(attributes[fact])
    if (told.includes(last) && (fact !== 'body' || hasStandardBody(object))) texts.push(told)
  }
  return texts.length > 0 && new RegExp(String.raw`(?<![\w$."])${patternOf(name)}(?![\w$])`).test(texts.join(' '))
}

/** The server quotes keywords, which catalogs keep bare (catalog.ts). */
function patternOf(name: string): string {
  return name.replaceAll(/("(?:[^"]|"")*")|([a-z_][a-z0-9_$]*)|[.*+?^${}()|[\]\\]/g, (found, quoted, bare) => {
    const escaped = found.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    return quoted === undefined && bare !== undefined ? `(?:"${escaped}"|${escaped})` : escaped
  })
}
