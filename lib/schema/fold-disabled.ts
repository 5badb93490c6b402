// Who switches off the triggers of a table means all of them: its foreign keys and triggers are told together, not one by one.
import { qualifiedName } from './catalog.ts'
import { list, text } from './ddl/fact-text.ts'
import { parseName } from './ddl/parse-name.ts'
import type { Difference } from './difference.ts'

type Changed = Extract<Difference, { kind: 'changed' }>

/** Keeps the first of what was switched off, or on, with one table, foreign keys before triggers; the others are in its `alike`. */
export function foldDisabled(differences: readonly Difference[]): Difference[] {
  const groups = Map.groupBy(differences.filter(isChanged), switchedWith)
  groups.delete(undefined)
  const first = new Map<Difference, Difference>()
  const others = new Set<Difference>()
  for (const group of groups.values()) {
    const [one, ...alike] = group
    if (one === undefined || alike.length === 0) continue
    first.set(one, { ...one, alike })
    for (const each of alike) others.add(each)
  }
  return differences.flatMap((each) => (others.has(each) ? [] : [first.get(each) ?? each]))
}

function isChanged(difference: Difference): difference is Changed {
  return difference.kind === 'changed'
}

/** The table, and which way; undefined for any other change. */
function switchedWith({ expected, actual, attributes }: Changed): string | undefined {
  if (attributes.length !== 1) return undefined
  const { object } = actual
  const table = qualifiedName(object.path.slice(0, 2))
  if (object.class === 'trigger' && attributes[0] === 'firing') {
    const [should, is] = [text(expected.object, 'firing'), text(object, 'firing')]
    if (should === undefined && is === 'DISABLE') return `off ${table}`
    return should === 'DISABLE' && is === undefined ? `on ${table}` : undefined
  }
  if (object.class !== 'constraint' || attributes[0] !== 'disabledTriggers') return undefined
  const [should, is] = [tablesOf(expected), tablesOf(actual)]
  const off = is.filter((each) => !should.includes(each))
  const on = should.filter((each) => !is.includes(each))
  if (off.length > 0 && on.length > 0) return undefined
  const [tables, way] = off.length > 0 ? [off, 'off'] : [on, 'on']
  return `${way} ${tables.includes(table) ? table : tables[0]}`
}

function tablesOf({ object }: Changed['actual']): string[] {
  return list(object, 'disabledTriggers').map((each) => qualifiedName(parseName(each)))
}
