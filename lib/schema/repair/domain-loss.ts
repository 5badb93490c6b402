// What values lose on their way into a domain, whose name alone does not tell what it holds.
import { HAZARD } from '../../hazard.ts'
import { qualifiedName, type CatalogObject } from '../catalog.ts'
import { text } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'
import { sidesOf, type Difference } from '../difference.ts'
import type { Step } from './step.ts'
import { lengthOf } from './type-words.ts'
import { losesBetween } from './value-loss.ts'

/** The steps of a difference, with what is lost told where a column gets such a type, or the domain another base; `should`: all that should be there. */
export function tellingDomainLoss(
  difference: Difference,
  steps: readonly Step[],
  should: readonly CatalogObject[],
): Step[] {
  if (!isLossy(difference, should)) return [...steps]
  return steps.map(({ sql, hazards }) =>
    hazards.includes(HAZARD.rewrite) ? { sql, hazards: [...new Set([...hazards, HAZARD.narrows])] } : { sql, hazards },
  )
}

function isLossy(difference: Difference, should: readonly CatalogObject[]): boolean {
  if (difference.kind !== 'changed' || !difference.attributes.includes('type')) return false
  const [before = '', after = ''] = sidesOf(difference)
    .map((each) => each && text(each, 'type'))
    .toReversed()
  if (difference.actual.object.class === 'domain') return narrows(before, after)
  if (difference.actual.object.class !== 'column' || !after.includes('.')) return false
  const name = qualifiedName(parseName(after.replace(/\[\]$/, '')))
  const domain = should.find((each) => each.class === 'domain' && each.name === name)
  return domain !== undefined && narrows(before, text(domain, 'type') ?? '')
}

/** A cast to a domain cuts off what is too long for it. */
function narrows(from: string, to: string): boolean {
  const length = lengthOf(to)
  return losesBetween(from, to) || (length !== undefined && length < (lengthOf(from) ?? Infinity))
}
