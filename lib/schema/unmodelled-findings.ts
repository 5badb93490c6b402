// Names what is not compared, so that nobody takes silence for sameness.
import { finding, type Finding } from '../finding.ts'
import type { Catalog } from './catalog.ts'
import { missingFrom, unexpectedIn, type Sides } from './sides.ts'

/**
 * One finding for each object that the extractor does not model: a warning where only one side has it, a note where both do and
 * nobody knows whether they are alike.
 */
export function unmodelledFindings(environment: string, expected: Catalog, actual: Catalog, sides: Sides): Finding[] {
  const [should, is] = [namesOf(expected), namesOf(actual)]
  return [...new Map([...should, ...is])].map(([key, subject]) => {
    const [expects, has] = [should.has(key), is.has(key)]
    const where = expects && has ? `on both sides` : has ? unexpectedIn(sides) : missingFrom(sides)
    return finding(environment, 'schema.unmodelled', {
      subject,
      severity: expects && has ? 'info' : 'warning',
      summary: `${key}: ${where}; Raingauge does not compare a ${subject.class}`,
    })
  })
}

function namesOf(catalog: Catalog): Map<string, { class: string; name: string }> {
  return new Map((catalog.unmodelled ?? []).map((each) => [`${each.class} ${each.name}`, each]))
}
