// Which differences a rule of the configuration is about.
import type { SchemaPattern } from '../config/config.ts'
import { globFits } from '../glob.ts'
import { qualifiedName, type CatalogObject } from './catalog.ts'
import { tableOf } from './table-of.ts'

/** What a rule is held against: one difference of one object, or one fact of it. */
export type Matter = {
  /** Such as `schema.changed`. */
  kind: string
  class: string
  name: string
  /** The fact that differs, where it is about one. */
  attribute?: string
  /** Names of what the object lives in. */
  within: string[]
}

/** True where every part of the pattern fits. Globs: `*` is any text, `?` any character. Without a class, a name also stands for what lives in it. */
export function fits(pattern: Omit<SchemaPattern, 'environment'>, matter: Matter): boolean {
  if (pattern.kind !== undefined && pattern.kind !== matter.kind) return false
  if (pattern.class !== undefined && !globFits(pattern.class, matter.class)) return false
  if (
    pattern.attribute !== undefined &&
    (matter.attribute === undefined || !globFits(pattern.attribute, matter.attribute))
  ) {
    return false
  }
  const { name } = pattern
  if (name === undefined) return true
  const alone = pattern.class !== undefined || pattern.attribute !== undefined
  return [matter.name, ...(alone ? [] : matter.within)].some((each) => globFits(name, each))
}

/** What rules know of an object. */
export function matterOf(kind: string, object: CatalogObject): Matter {
  const table = tableOf(object)
  const [schema] = object.path
  const inSchema = schema !== undefined && (table !== undefined || object.parent?.startsWith('schema ') === true)
  return {
    kind,
    class: object.class,
    name: object.name,
    within: [...(table === undefined ? [] : [table.name]), ...(inSchema ? [qualifiedName([schema])] : [])],
  }
}

/** `[CLASS:]NAME`, both globs, as `--ignore` and `--only` take it. A quoted name may hold a colon, a class holds no quote. */
export function parsePattern(text: string): { class?: string; name: string } {
  const parts = /^(?<kind>[a-z* ?]+):(?<name>.+)$/s.exec(text)?.groups
  const [kind, name] = [parts?.['kind'], parts?.['name']]
  return kind === undefined || name === undefined ? { name: text } : { class: kind, name }
}

/** The pattern in words: `index app.*`, `comment of table app.users`. */
export function describePattern({ kind, class: objectClass, name, attribute }: SchemaPattern): string {
  const what = [objectClass, name].filter((each) => each !== undefined).join(' ')
  const about = what === '' ? '*' : what
  return [
    attribute === undefined ? about : `${attribute} of ${about}`,
    ...(kind === undefined ? [] : [`(${kind})`]),
  ].join(' ')
}
