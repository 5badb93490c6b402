// What to beware of where a column comes, or gets another type.
import { HAZARD, type Hazard } from '../../hazard.ts'
import type { CatalogObject } from '../catalog.ts'
import { has, text } from '../ddl/fact-text.ts'
import { keepsRows, losesBetween, readsTimeZone } from './value-loss.ts'

/** Of ADD COLUMN: the rows are written again for whatever is another value in each of them (manual, ALTER TABLE, notes). */
export function hazardsOfAdding(column: CatalogObject): Hazard[] {
  const generated = text(column, 'generated')
  if (generated?.endsWith('STORED') === true) return [HAZARD.rewrite, HAZARD.rowsInTheWay]
  if (generated !== undefined) return [has(column, 'notNull') ? HAZARD.scan : HAZARD.shortLock]
  if (has(column, 'identity') || isVolatile(text(column, 'default') ?? '')) return [HAZARD.rewrite]
  const fails = has(column, 'notNull') && !has(column, 'default')
  return [HAZARD.shortLock, ...(fails ? [HAZARD.noDefault] : [])]
}

/** Of SET DATA TYPE. */
export function hazardsOfRetyping(from: CatalogObject, to: CatalogObject): Hazard[] {
  const [before = '', type = ''] = [text(from, 'type'), text(to, 'type')]
  const isQuick = text(from, 'collation') === text(to, 'collation') && keepsRows(before, type)
  return [
    isQuick ? HAZARD.shortLock : HAZARD.rewrite,
    HAZARD.columnUsers,
    ...(losesBetween(before, type) ? [HAZARD.narrows] : []),
    ...(readsTimeZone(before, type) ? [HAZARD.timeZone] : []),
  ]
}

/** Of the server's own functions these; people's may be, and are written with their schema where nothing is searched. */
const VOLATILE =
  /\b(?:nextval|gen_random_uuid|uuidv4|uuidv7|random|random_normal|clock_timestamp|timeofday|set_config)\(|\.(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\d_$]*)\(/u

function isVolatile(expression: string): boolean {
  return VOLATILE.test(expression.replaceAll(/'(?:[^']|'')*'/g, "''"))
}
