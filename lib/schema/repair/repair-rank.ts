// When the repair of a difference runs among others, by the class of its object and what of it changes.
import { OBJECT_CLASSES, type ObjectClass } from '../../object-class.ts'
import type { CatalogObject } from '../catalog.ts'
import { objectOf, type Difference } from '../difference.ts'
import { MARKS } from './index-marks.ts'
import { onlyFacts } from './step.ts'

/** In the order of their classes; what leans on what across these is not looked at (repair-order.ts). */
export function byRank(differences: readonly Difference[]): Difference[] {
  return differences.toSorted((a, b) => rankOf(a) - rankOf(b) || byPlace(objectOf(a), objectOf(b)))
}

/** Columns come as the table has them: a row of it is what functions return. */
function byPlace(a: CatalogObject, b: CatalogObject): number {
  if (a.class !== 'column' || a.parent === b.parent) return (a.position ?? 0) - (b.position ?? 0)
  return (a.parent ?? '') < (b.parent ?? '') ? -1 : 1
}

/** A sequence can only be owned by a column that is there, and a table have the type of its columns. */
function rankOf(difference: Difference): number {
  const object = objectOf(difference)
  const changed = difference.kind === 'changed' ? difference.attributes : []
  // What is made as a part of a table has the columns of that.
  if (difference.kind !== 'changed' && object.class === 'table' && object.attributes.partitionBound !== undefined) {
    return OBJECT_CLASSES.indexOf('column') + 0.1
  }
  // Its parent's comes to it before what it has of its own.
  if (difference.kind === 'changed' && object.class === 'column' && object.attributes.inherited === true) {
    return OBJECT_CLASSES.indexOf('column') + 0.05
  }
  // Another may take its place.
  if (leavesTable(difference)) return OBJECT_CLASSES.indexOf('table') - 0.05
  if (joinsParent(difference)) return OBJECT_CLASSES.indexOf('column') + 0.15
  // A column that is to be nullable must be in no replica identity any more.
  if (changed.includes('replicaIdentity') && onlyFacts(changed, MARKS) && losesMark(difference)) {
    return OBJECT_CLASSES.indexOf('column') - 0.1
  }
  const late = changed.includes('ownedBy') || (changed.includes('ofType') && object.attributes.ofType === undefined)
  return late ? OBJECT_CLASSES.indexOf('column') + 0.2 : rank(object)
}

/** A partition that is to be a table by itself. */
function leavesTable(difference: Difference): boolean {
  if (difference.kind !== 'changed' || !difference.attributes.includes('partitionBound')) return false
  return difference.expected.object.attributes.partitionBound === undefined
}

function losesMark(difference: Difference): boolean {
  return difference.kind === 'changed' && difference.expected.object.attributes.replicaIdentity === undefined
}

/** A table gets its first parent when both have the columns that they should have. */
function joinsParent(difference: Difference): boolean {
  if (difference.kind !== 'changed' || difference.actual.object.class !== 'table') return false
  return difference.attributes.includes('inherits') && difference.actual.object.attributes.inherits === undefined
}

/** Of an object that comes or goes: where the order of the report is not that of the making. */
export function rank({ class: kind, attributes, parent }: CatalogObject): number {
  const place = OBJECT_CLASSES.indexOf(kind)
  // What comes with a schema may lean on one, which waits for the schema that it is put into.
  if (kind === 'extension') return OBJECT_CLASSES.indexOf('schema') - 0.5
  if (kind === 'constraint' && attributes.kind === 'FOREIGN KEY') return OBJECT_CLASSES.indexOf('index') + 0.5
  // The view may be made anew, with its indexes as they are.
  if (kind === 'index' && parent?.startsWith('materialized view ') === true) {
    return OBJECT_CLASSES.indexOf('materialized view') + 0.5
  }
  // Tables, indexes and functions name these, and a configuration its dictionaries.
  if (kind.startsWith('text search ')) return OBJECT_CLASSES.indexOf('table') - 0.5 + TEXT_SEARCH.indexOf(kind) / 100
  // Nothing calls these by a name.
  if (kind === 'cast') return OBJECT_CLASSES.indexOf('column') + 0.4
  if (kind === 'transform') return OBJECT_CLASSES.indexOf('column') + 0.45
  if (OPERATORS.has(kind)) return OBJECT_CLASSES.indexOf('column') + 0.6
  if (kind === 'foreign data wrapper') return OBJECT_CLASSES.indexOf('table') - 0.4
  if (kind === 'server') return OBJECT_CLASSES.indexOf('table') - 0.3
  // Views name these.
  if (kind === 'foreign table') return OBJECT_CLASSES.indexOf('column') + 0.3
  if (kind === 'trigger' && attributes.inherited === true) return place + 0.5
  // Defaults, checks, indexes and views call functions.
  if (kind === 'function' || kind === 'aggregate') return OBJECT_CLASSES.indexOf('column') + 0.5
  return place
}

/** Each may name those before it. */
const TEXT_SEARCH: readonly string[] = [
  'text search parser',
  'text search template',
  'text search dictionary',
  'text search configuration',
]

const OPERATORS: ReadonlySet<ObjectClass> = new Set<ObjectClass>(['operator', 'operator family', 'operator class'])
