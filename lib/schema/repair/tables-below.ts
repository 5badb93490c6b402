import { objectKey, qualifiedName, type CatalogObject } from '../catalog.ts'
import { list } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'

/** Tells the keys of the partitions of a table, or of what inherits from it, on and on. Nothing is made for who does not ask. */
export function tablesBelow(objects: readonly CatalogObject[]): (table: string) => ReadonlySet<string> {
  let heirs: Map<string, string[]> | undefined
  return (table) => {
    heirs ??= byParent(objects)
    const found = new Set([table])
    // A set that grows is walked to its end.
    for (const each of found) for (const heir of heirs.get(each) ?? []) found.add(heir)
    found.delete(table)
    return found
  }
}

function byParent(objects: readonly CatalogObject[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const each of objects) {
    if (each.class !== 'table' || each.attributes.inherits === undefined) continue
    for (const name of list(each, 'inherits')) {
      const parent = `table ${qualifiedName(parseName(name))}`
      found.set(parent, [...(found.get(parent) ?? []), objectKey(each)])
    }
  }
  return found
}
