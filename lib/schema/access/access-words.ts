// What a role may and may not, in one line: ninety tables are told as ninety tables, with the first of them by name.
import type { CatalogObject } from '../catalog.ts'
import { inExpected, type Sides } from '../sides.ts'
import { accessDelta, type Held } from './access-delta.ts'

/** Names told of many. */
const TOLD = 3

/** The summary of a difference between the two states of a role; undefined: it has nothing there. */
export function accessSummary(
  sides: Sides,
  expected: CatalogObject | undefined,
  actual: CatalogObject | undefined,
): string {
  const { more, less, owns, lost, settings } = accessDelta(expected, actual)
  const [here, there] = [`in ${sides.actual}`, inExpected(sides)]
  return [
    ...(more.length > 0 ? [`may ${told(more)} ${here}, but not ${there}`] : []),
    ...(less.length > 0 ? [`may not ${told(less)} ${here}, though it may ${there}`] : []),
    ...(owns.length > 0 ? [`owns ${listed(owns)} ${here}, but not ${there}`] : []),
    ...(lost.length > 0 ? [`does not own ${listed(lost)} ${here}, though it does ${there}`] : []),
    ...(settings === undefined ? [] : [`${set(settings.actual)} ${here}, ${set(settings.expected)} ${there}`]),
  ].join('; ')
}

function told(held: readonly Held[]): string {
  const alike = new Map<string, string[]>()
  for (const { fact, privileges } of held) {
    const what = privileges.join(', ')
    alike.set(what, [...(alike.get(what) ?? []), fact])
  }
  return [...alike].map(([what, facts]) => `${what} on ${listed(facts)}`).join(' and ')
}

/** `table app.users`, `12 tables (app.users, app.teams, app.orders, …)`. */
function listed(keys: readonly string[]): string {
  if (keys.length <= TOLD) return keys.join(', ')
  const byClass = Map.groupBy(keys, (key) => /^(?:[a-z]+ )*/.exec(key)?.[0].trim() ?? '')
  return [...byClass]
    .map(([kind, alike]) => {
      if (alike.length <= TOLD) return alike.join(', ')
      const names = alike.slice(0, TOLD).map((key) => key.slice(kind.length + 1))
      return `${alike.length} ${plural(kind)} (${names.join(', ')}, …)`
    })
    .join(', ')
}

/** Of a class such as `table` or `text search dictionary`; what is no class of objects stays as it is. */
function plural(kind: string): string {
  if (kind.startsWith('future')) return `of ${kind}`
  return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`
}

function set(settings: readonly string[]): string {
  return settings.length === 0 ? 'no SET' : settings.map((each) => `SET ${each}`).join(' ')
}
