// Tells the differences of two catalogs to people.
import { finding, type Finding } from '../finding.ts'
import type { CatalogObject } from './catalog.ts'
import { createStatements } from './ddl/create-statements.ts'
import { objectOf, type Difference, type Side } from './diff-catalogs.ts'
import { phrase } from './fact-phrases.ts'
import { repairOf } from './repair/repair-of.ts'
import { severityOf } from './severity.ts'
import { onlyDifferingLines } from './shorten.ts'

/** A fact longer than this is shown, not told in the summary. */
const LONGEST_TOLD = 60

/** One finding for each object that differs, in the order of the differences. */
export function schemaFindings(environment: string, differences: readonly Difference[]): Finding[] {
  return differences.map((difference) => {
    const { class: kind, name } = objectOf(difference)
    const repair = repairOf(difference)
    return finding(environment, `schema.${difference.kind}`, {
      subject: { class: kind, name },
      severity: severityOf(difference),
      summary: `${kind} ${name}: ${summary(environment, difference)}`,
      ...shown(difference),
      ...(repair === undefined ? {} : { repair }),
    })
  })
}

function summary(environment: string, difference: Difference): string {
  switch (difference.kind) {
    case 'missing':
      return `missing from ${environment}${contents(difference.expected)}, though the migrations make it`
    case 'unexpected':
      return `in ${environment}${contents(difference.actual)}, but in no migration`
    case 'changed': {
      const told = difference.attributes.map((fact) => {
        const [actual, expected] = phrases(difference.actual.object, difference.expected.object, fact)
        const long = [actual, expected].some((each) => each.length > LONGEST_TOLD || each.includes('\n'))
        if (long) return `another ${fact} in ${environment} than in the migrations`
        return `${actual} in ${environment}, ${expected} in the migrations`
      })
      return told.join('; ')
    }
    default:
      return difference satisfies never
  }
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
  switch (difference.kind) {
    case 'missing':
      return { expected: ddl(difference.expected) }
    case 'unexpected':
      return { actual: ddl(difference.actual) }
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

function ddl(side: Side): string {
  return createStatements(side)
    .map((statement) => `${statement};`)
    .join('\n')
}

function phrases(actual: CatalogObject, expected: CatalogObject, fact: string): [string, string] {
  return [phrase(fact, actual.attributes[fact]), phrase(fact, expected.attributes[fact])]
}
