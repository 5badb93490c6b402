import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { facts, notOfExtension, type CatalogQuery } from './catalog-query.ts'
import { userRelations } from './lookup.ts'

type TriggerRow = {
  oid: number
  relation: number
  name: string
  definition: string
  firing: string | null
  inherited: boolean
}

/** Triggers that people made; the internal ones are told with the constraint that they serve. */
export const triggers: CatalogQuery<TriggerRow> = {
  sql: `SELECT g.oid, g.tgrelid AS relation, g.tgname AS name, pg_catalog.pg_get_triggerdef(g.oid) AS definition,
     g.tgparentid <> 0 AS inherited,
     CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' END AS firing
   FROM pg_catalog.pg_trigger g WHERE NOT g.tgisinternal AND g.tgrelid IN ${userRelations(`'r', 'p', 'v', 'f'`)}
     AND ${notOfExtension('pg_trigger', 'g.oid')}`,
  object: ({ oid, relation, name, definition, ...row }, lookup) => {
    const table = lookup.relation(relation)
    return (
      table && {
        class: 'trigger',
        name: `${table.full}.${qualifiedName([name])}`,
        path: [table.schema, table.name, name],
        parent: table.key,
        attributes: facts({
          ...row,
          comment: lookup.comment('trigger', oid),
          definition: canonicalExpression(definition),
        }),
      }
    )
  },
}
