// Tells the differences of two catalogs to people.
import { finding, type Finding } from '../finding.ts'
import { accessShown } from './access/access-sql.ts'
import { accessSummary } from './access/access-words.ts'
import type { Catalog, CatalogObject } from './catalog.ts'
import { createStatements } from './ddl/create-statements.ts'
import { objectOf, sidesOf, type Difference, type Side } from './difference.ts'
import { phrase, spelled } from './fact-phrases.ts'
import { allRepairs, type BothWays } from './repair/all-repairs.ts'
import { repairOf, repairSteps } from './repair/repair-of.ts'
import { severityOf } from './severity.ts'
import { inExpected, missingFrom, unexpectedIn, type Sides } from './sides.ts'
import { onlyDifferingLines } from './shorten.ts'
import { tableOf } from './table-of.ts'

/** A fact longer than this is shown, not told in the summary. */
const LONGEST_TOLD = 60
/** Names told of many that changed alike. */
const OTHERS_TOLD = 3

/**
 * One finding for each object that differs, in the order of the differences. `sides`: what to call the two; `catalogs`: where what uses
 * the objects is to be found, so that repairs see to that too.
 */
export function schemaFindings(
  environment: string,
  differences: readonly Difference[],
  sides: Sides = { actual: environment, expected: null },
  catalogs?: { expected: Catalog; actual: Catalog },
): Finding[] {
  const repairs = catalogs === undefined ? undefined : allRepairs(differences, catalogs)
  return differences.map((difference) => {
    const { class: kind, name } = objectOf(difference)
    const repair = repairOf(repairs === undefined ? alone(difference) : (repairs.get(difference) ?? {}))
    const within = tableOf(objectOf(difference))
    return finding(environment, `schema.${difference.kind}`, {
      subject: { class: kind, name },
      ...(within === undefined ? {} : { within }),
      severity: severityOf(difference),
      summary: `${kind} ${name}: ${summary(sides, difference)}`,
      ...shown(difference),
      ...(repair === undefined ? {} : { repair }),
    })
  })
}

/** As if nothing else differed, nor used it. */
function alone(difference: Difference): BothWays {
  const [database, adopt] = [repairSteps(difference, 'database'), repairSteps(difference, 'migration')]
  return { ...(database === undefined ? {} : { database }), ...(adopt === undefined ? {} : { adopt }) }
}

function summary(sides: Sides, difference: Difference): string {
  if (objectOf(difference).class === 'role') return accessSummary(sides, ...sidesOf(difference))
  switch (difference.kind) {
    case 'missing':
      return missingFrom(sides, contents(difference.expected))
    case 'unexpected':
      return unexpectedIn(sides, contents(difference.actual))
    case 'renamed':
      return `named ${difference.actual.object.name} in ${sides.actual}, and the same but for the name`
    case 'changed': {
      const told = difference.attributes.map((fact) => {
        const [actual, expected] = phrases(difference.actual.object, difference.expected.object, fact)
        const long = [actual, expected].some((each) => each.length > LONGEST_TOLD || each.includes('\n'))
        if (long) return `not the same ${spelled(fact)} in ${sides.actual} as ${inExpected(sides)}`
        return `${actual} in ${sides.actual}, ${expected} ${inExpected(sides)}`
      })
      return [...told, ...alike(difference.alike ?? [])].join('; ')
    }
    default:
      return difference satisfies never
  }
}

/** `and so it is with 3 others: trigger app.users.touch, …`. */
function alike(others: readonly Difference[]): string[] {
  if (others.length === 0) return []
  const names = others.slice(0, OTHERS_TOLD).map((each) => `${objectOf(each).class} ${objectOf(each).name}`)
  const more = others.length > OTHERS_TOLD ? ', …' : ''
  return [`so it is with ${others.length} ${others.length === 1 ? 'other' : 'others'}: ${names.join(', ')}${more}`]
}

/** ` (with 4 columns, 2 indexes)`. */
function contents({ within }: Side): string {
  const counts = new Map<string, number>()
  for (const { class: kind } of within) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const told = [...counts].map(([kind, count]) => `${count} ${count === 1 ? kind : plural(kind)}`)
  return told.length === 0 ? '' : ` (with ${told.join(', ')})`
}

function plural(kind: string): string {
  if (kind.endsWith('y')) return `${kind.slice(0, -1)}ies`
  return kind.endsWith('x') ? `${kind}es` : `${kind}s`
}

function shown(difference: Difference): Pick<Finding, 'expected' | 'actual'> {
  if (objectOf(difference).class === 'role') return accessShown(...sidesOf(difference))
  switch (difference.kind) {
    case 'missing':
      return { expected: ddl(difference.expected) }
    case 'unexpected':
      return { actual: ddl(difference.actual) }
    case 'renamed':
      return { expected: nameOf(difference.expected), actual: nameOf(difference.actual) }
    case 'changed': {
      const pairs = difference.attributes.map((fact) => {
        const [actual, expected] = phrases(difference.actual.object, difference.expected.object, fact)
        return onlyDifferingLines(expected, actual)
      })
      return {
        expected: pairs.map(([expected]) => expected).join('\n'),
        actual: pairs.map(([, actual]) => actual).join('\n'),
      }
    }
    default:
      return difference satisfies never
  }
}

function nameOf({ object }: Side): string {
  return `${object.class} ${object.name}`
}

function ddl(side: Side): string {
  return createStatements(side)
    .map((statement) => `${statement};`)
    .join('\n')
}

function phrases(actual: CatalogObject, expected: CatalogObject, fact: string): [string, string] {
  return [phrase(fact, actual.attributes[fact]), phrase(fact, expected.attributes[fact])]
}
