// A key of a partitioned table is made with those of its partitions, which get names of the server's choice.
import pg from 'pg'
import { objectKey, qualifiedName, type Catalog, type CatalogObject } from '../catalog.ts'
import { list, text } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'
import { sqlTable } from '../ddl/sql-name.ts'
import { comesFromParent } from '../fold-inherited.ts'
import { isKey } from './what-uses.ts'

/** The statements that give the keys of the partitions, once they are there, the names that they have in the catalog. */
export function partitionKeyNames(key: CatalogObject, objects: Catalog['objects']): string[] {
  if (key.class !== 'constraint' || !isKey(key)) return []
  const partitions = new Set(
    objects.filter((each) => isPartition(each) && parentsOf(each).includes(key.parent ?? '')).map(objectKey),
  )
  if (partitions.size === 0) return []
  const keys = objects.filter(
    (each) =>
      each.class === 'constraint' && partitions.has(each.parent ?? '') && comesFromParent(each) && isAlike(each, key),
  )
  return keys.flatMap((each) => [
    ...(isServersChoice(each) ? [] : [named(each, key)]),
    ...partitionKeyNames(each, objects),
  ])
}

function isPartition({ class: kind, attributes }: CatalogObject): boolean {
  return kind === 'table' && attributes.partitionBound !== undefined
}

function parentsOf(table: CatalogObject): string[] {
  return list(table, 'inherits').map((each) => `table ${qualifiedName(parseName(each))}`)
}

function isAlike(one: CatalogObject, other: CatalogObject): boolean {
  return text(one, 'kind') === text(other, 'kind') && text(one, 'definition') === text(other, 'definition')
}

/** ChooseIndexName (indexcmds.c), as far as it is that easy. */
function isServersChoice(key: CatalogObject): boolean {
  const [, table = '', name = ''] = key.path
  if (text(key, 'kind') === 'PRIMARY KEY') return name === `${table}_pkey`
  const [, columns = ''] = /^UNIQUE \(([\w, ]+)\)$/.exec(text(key, 'definition') ?? '') ?? []
  return name === [table, ...columns.split(', '), 'key'].join('_')
}

function named(key: CatalogObject, parent: CatalogObject): string {
  const [table, of] = [sqlTable(key), sqlTable(parent)].map((each) => `${pg.escapeLiteral(each)}::pg_catalog.regclass`)
  const [name, parentName] = [key, parent].map(({ path }) => pg.escapeLiteral(path.at(-1) ?? ''))
  return `DO $raingauge$ DECLARE statement text; BEGIN
FOR statement IN SELECT pg_catalog.format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', k.conrelid::pg_catalog.regclass, k.conname, ${name})
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_constraint p ON p.oid = k.conparentid
  WHERE p.conrelid = ${of} AND p.conname = ${parentName} AND k.conrelid = ${table} AND k.conname <> ${name}
LOOP EXECUTE statement; END LOOP; END $raingauge$`
}
