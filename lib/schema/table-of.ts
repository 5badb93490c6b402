import { qualifiedName, type CatalogObject } from './catalog.ts'

const RELATIONS = ['table', 'view', 'materialized view', 'foreign table']

/** The table or view that an object lives in; undefined for what lives in none. A sequence lives with the column that owns it. */
export function tableOf({ parent, attributes }: CatalogObject): { class: string; name: string } | undefined {
  const relation = RELATIONS.find((each) => parent?.startsWith(`${each} `))
  if (parent !== undefined && relation !== undefined) {
    return { class: relation, name: parent.slice(relation.length + 1) }
  }
  const { ownedBy } = attributes
  return Array.isArray(ownedBy) ? { class: 'table', name: qualifiedName(ownedBy.slice(0, 2)) } : undefined
}
