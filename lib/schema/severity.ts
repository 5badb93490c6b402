// How much each difference matters, by the harm it does: integrity and security are critical, performance is a warning, looks are info.
import type { Severity } from '../finding.ts'
import { accessSeverity } from './access/access-severity.ts'
import type { ObjectClass } from '../object-class.ts'
import type { CatalogObject } from './catalog.ts'
import { objectOf, sidesOf, type Difference } from './difference.ts'

type Harm = { missing: Severity; unexpected: Severity; changed: Severity }

/** By class, for what has no line of its own below. */
const BY_CLASS: Record<ObjectClass, Harm> = {
  schema: { missing: 'critical', unexpected: 'warning', changed: 'warning' },
  // People add pg_stat_statements and the like by hand, and providers add their own.
  extension: { missing: 'critical', unexpected: 'info', changed: 'warning' },
  enum: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  domain: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  'composite type': { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  sequence: { missing: 'critical', unexpected: 'warning', changed: 'warning' },
  table: { missing: 'critical', unexpected: 'warning', changed: 'warning' },
  column: { missing: 'critical', unexpected: 'warning', changed: 'warning' },
  constraint: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  index: { missing: 'warning', unexpected: 'warning', changed: 'warning' },
  view: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  'materialized view': { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  function: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  procedure: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  trigger: { missing: 'critical', unexpected: 'critical', changed: 'critical' },
  policy: { missing: 'critical', unexpected: 'critical', changed: 'critical' },
  // Like triggers, these act on what others write.
  rule: { missing: 'critical', unexpected: 'critical', changed: 'critical' },
  'event trigger': { missing: 'critical', unexpected: 'critical', changed: 'critical' },
  'range type': { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  'base type': { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  collation: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  aggregate: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  operator: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  'operator family': { missing: 'critical', unexpected: 'warning', changed: 'warning' },
  'operator class': { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  // Without a word in any query, a cast changes what queries mean.
  cast: { missing: 'critical', unexpected: 'critical', changed: 'critical' },
  transform: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  conversion: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  'text search parser': { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  'text search template': { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  'text search dictionary': { missing: 'critical', unexpected: 'warning', changed: 'warning' },
  'text search configuration': { missing: 'critical', unexpected: 'warning', changed: 'warning' },
  // A matter of speed.
  'statistics object': { missing: 'warning', unexpected: 'info', changed: 'warning' },
  language: { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  'access method': { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  'foreign data wrapper': { missing: 'critical', unexpected: 'warning', changed: 'warning' },
  server: { missing: 'critical', unexpected: 'warning', changed: 'warning' },
  'user mapping': { missing: 'warning', unexpected: 'warning', changed: 'warning' },
  'foreign table': { missing: 'critical', unexpected: 'warning', changed: 'critical' },
  // Whoever follows it no longer hears of changes; what is added by hand is heard of by nobody who did not ask.
  publication: { missing: 'warning', unexpected: 'info', changed: 'warning' },
  subscription: { missing: 'warning', unexpected: 'warning', changed: 'warning' },
  'security label': { missing: 'warning', unexpected: 'warning', changed: 'warning' },
  database: { missing: 'info', unexpected: 'info', changed: 'info' },
  // Judged by what the role may do: access-severity.ts.
  role: { missing: 'warning', unexpected: 'info', changed: 'info' },
}

type Judge = (expected: CatalogObject, actual: CatalogObject) => Severity

/** By class and fact, `*` for any class. */
const BY_FACT: Record<string, Severity | Judge> = {
  '*.comment': 'info',
  '*.fieldComments': 'info',
  '*.constraintComments': 'info',
  '*.indexComment': 'info',
  '*.columnSettings': 'info',
  '*.support': 'info',
  'view.columnDefaults': 'warning',
  'constraint.options': 'info',
  '*.tablespace': 'info',
  '*.clustered': 'info',
  '*.cost': 'info',
  '*.rows': 'info',
  '*.parallel': 'warning',
  '*.unpopulated': 'info',
  // What the planner reckons with.
  'operator.restrict': 'warning',
  'operator.join': 'warning',
  // Patch releases of an extension differ between servers.
  'extension.version': 'info',
  'database.settings': settingsMatter,
  'subscription.disabled': 'warning',
  '*.columnComments': 'info',
  'foreign table.options': 'warning',
  'column.type': 'critical',
  'column.notNull': worseWhenLost('notNull'),
  'column.generated': 'critical',
  'column.storage': 'info',
  'column.compression': 'info',
  '*.statistics': 'info',
  'column.options': 'info',
  'table.rowSecurity': worseWhenLost('rowSecurity'),
  'table.forceRowSecurity': worseWhenLost('forceRowSecurity'),
  'table.unlogged': 'critical',
  'table.options': 'info',
  'constraint.notValid': 'warning',
  '*.alsoOwn': 'info',
  'constraint.attachedTo': 'warning',
  'column.notNullNotValid': 'warning',
  'column.notNullName': 'info',
  'column.identityPersistence': 'info',
  'constraint.replicaIdentity': 'warning',
  // Where it should keep duplicates out, it is more than a matter of speed.
  'index.unique': worseWhenLost('unique'),
  'index.columns': criticalWhereUnique,
  'index.predicate': criticalWhereUnique,
  'index.nullsNotDistinct': criticalWhereUnique,
  'index.indexMethod': criticalWhereUnique,
  'index.table': criticalWhereUnique,
  'index.definition': criticalWhereUnique,
  'index.options': 'warning',
  'index.invalid': criticalWhereUnique,
}

const ORDER: readonly Severity[] = ['info', 'warning', 'critical']

/** What only DDL calls by its name: everything else is as good as gone under another one. */
const NAMED_IN_DDL: readonly ObjectClass[] = ['constraint', 'index', 'trigger', 'policy', 'rule', 'event trigger']

/** The severity of a difference: the worst of its facts. */
export function severityOf(difference: Difference): Severity {
  const { class: kind } = objectOf(difference)
  if (kind === 'role') {
    const [expected, actual] = sidesOf(difference)
    return accessSeverity(expected, actual)
  }
  switch (difference.kind) {
    case 'missing':
      // Without it, duplicates get in.
      return difference.expected.object.attributes.unique === true ? 'critical' : BY_CLASS[kind].missing
    case 'unexpected':
      // Partitions come with time, from a scheduler.
      return 'partitionBound' in difference.actual.object.attributes ? 'info' : BY_CLASS[kind].unexpected
    case 'renamed':
      return NAMED_IN_DDL.includes(kind) ? 'warning' : BY_CLASS[kind].missing
    case 'changed': {
      const { expected, actual, attributes } = difference
      return worst(
        attributes.map((fact) => {
          const rule = BY_FACT[`${kind}.${fact}`] ?? BY_FACT[`*.${fact}`] ?? BY_CLASS[kind].changed
          return typeof rule === 'function' ? rule(expected.object, actual.object) : rule
        }),
      )
    }
    default:
      return difference satisfies never
  }
}

/** To have lost it is critical; to have it where the migrations do not is a warning. */
function worseWhenLost(fact: string): Judge {
  return (expected) => (expected.attributes[fact] === undefined ? 'warning' : 'critical')
}

/** The worst of them; critical for none. */
export function worst(severities: readonly Severity[]): Severity {
  return ORDER[Math.max(...severities.map((each) => ORDER.indexOf(each)))] ?? 'critical'
}

/** Off with them, foreign keys and triggers, or row-level security, are off for everybody; a search_path decides which table is meant. */
function settingsMatter(expected: CatalogObject, actual: CatalogObject): Severity {
  const changed = [expected, actual].flatMap(({ attributes: { settings } }) =>
    Array.isArray(settings) ? settings : [],
  )
  const once = changed.filter((each) => changed.indexOf(each) === changed.lastIndexOf(each))
  if (once.some((each) => each.startsWith('session_replication_role='))) return 'critical'
  return once.some((each) => /^(?:search_path|row_security|check_function_bodies)=/.test(each)) ? 'warning' : 'info'
}

function criticalWhereUnique(expected: CatalogObject): Severity {
  return expected.attributes.unique === true ? 'critical' : 'warning'
}
