// An index of a partitioned table is made with those of its partitions, which get names of the server's choice.
import pg from 'pg'
import type { Catalog, CatalogObject } from '../catalog.ts'
import { list, text } from '../ddl/fact-text.ts'
import { sqlIndex, sqlTable } from '../ddl/sql-name.ts'

/**
 * The statements that give the indexes of the partitions, once they are there, the names that they have in the catalog. `fresh`: they
 * were made just now, so that some have theirs.
 */
export function partitionNames(index: CatalogObject, objects: Catalog['objects'], fresh = true): string[] {
  // pg_get_indexdef writes ONLY where there may be partitions.
  if (index.class !== 'index' || !/ ON ONLY /.test(index.definition ?? '')) return []
  const name = sqlIndex(index).replaceAll('"', '')
  return objects
    .filter((each) => each.class === 'index' && text(each, 'partOf')?.replaceAll('"', '') === name)
    .flatMap((each) => [
      ...(fresh && isServersChoice(each) ? [] : [named(each, index)]),
      ...partitionNames(each, objects, fresh),
    ])
}

/** ChooseIndexName (indexcmds.c), as far as it is that easy. */
function isServersChoice({ path, ...index }: CatalogObject): boolean {
  const columns = list({ path, ...index }, 'columns').map((each) => each.split(' ')[0])
  return path[2] === [path[1], ...columns, 'idx'].join('_')
}

function named(index: CatalogObject, parent: CatalogObject): string {
  const [, , name = ''] = index.path
  const [of, on] = [sqlIndex(parent), sqlTable(index)].map((each) => `${pg.escapeLiteral(each)}::pg_catalog.regclass`)
  return `DO $raingauge$ DECLARE statement text; BEGIN
FOR statement IN SELECT pg_catalog.format('ALTER INDEX %s RENAME TO %I', c.oid::pg_catalog.regclass, ${pg.escapeLiteral(name)})
  FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_index x ON x.indexrelid = h.inhrelid JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
  WHERE h.inhparent = ${of} AND x.indrelid = ${on} AND c.relname <> ${pg.escapeLiteral(name)}
LOOP EXECUTE statement; END LOOP; END $raingauge$`
}
