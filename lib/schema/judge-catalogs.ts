// From two catalogs to what is told of them: differences, renames folded, rules applied.
import type { SchemaPattern, SchemaRules } from '../config/config.ts'
import type { Finding, Ignored } from '../finding.ts'
import { renameRoles } from './access/rename-roles.ts'
import { expiredFindings, narrow, NOT_ASKED, ruledSeverity, ruleFor, sortOut, standingRules } from './apply-rules.ts'
import type { Catalog } from './catalog.ts'
import { diffCatalogs } from './diff-catalogs.ts'
import { objectOf } from './difference.ts'
import { foldDisabled } from './fold-disabled.ts'
import { foldIdentity } from './fold-identity.ts'
import { foldPublications } from './fold-publications.ts'
import { foldRenames } from './fold-renames.ts'
import { fits } from './rule-match.ts'
import { settleMoments } from './of-the-moment.ts'
import { inRepairOrder } from './repair/repair-order.ts'
import { detectPlatform, withoutPlatform } from './presets.ts'
import { schemaFindings } from './schema-findings.ts'
import type { Sides } from './sides.ts'
import { unmodelledFindings } from './unmodelled-findings.ts'

export const NO_RULES: SchemaRules = { ignore: [], severity: [] }

export type Judged = { findings: Finding[]; ignored: Ignored[] }

/**
 * Everything that differs, as findings, in an order in which their `repair.database` can be run one after the other; what rules of the
 * configuration leave out is in `ignored`, with their reasons. `sides`: what to call the two; `only`: what is asked for, where that is
 * not all.
 */
export function judgeCatalogs(
  environment: string,
  expected: Catalog,
  actual: Catalog,
  options: {
    rules: SchemaRules
    now: Date
    /** Of the watched server: they tell which platform it belongs to. */
    roles?: readonly string[]
    sides?: Sides
    only?: readonly SchemaPattern[]
  },
): Judged {
  const { sides = { actual: environment, expected: null }, only = [] } = options
  const { platform = detectPlatform(options.roles ?? []), roles = {} } = options.rules
  const comparable = (catalog: Catalog): Catalog =>
    withoutPlatform(renameRoles(catalog, roles), platform === 'none' ? null : platform)
  const catalogs = {
    expected: comparable(settleMoments(expected, actual)),
    actual: comparable(settleMoments(actual, expected)),
  }
  const rules = standingRules(options.rules, environment, options.now)
  const sorted = narrow(
    sortOut(
      foldPublications(foldRenames(foldIdentity(diffCatalogs(catalogs.expected, catalogs.actual)))),
      rules.ignore,
    ),
    only,
  )
  const kept = inRepairOrder(foldDisabled(sorted.kept), catalogs.expected.objects)
  const severities = kept.map((difference) => ruledSeverity(difference, rules.severity))
  const findings = schemaFindings(environment, kept, sides, catalogs).map((each, index): Finding => ({
    ...each,
    severity: severities[index] ?? each.severity,
  }))
  const ignored = sorted.ignored.flatMap(({ difference, rule }) =>
    schemaFindings(environment, [difference], sides).map((each) => ignoredBy(rule, each)),
  )
  const odd = unmodelledFindings(environment, expected, actual, sides).map((each) => {
    const matter = { kind: each.kind, ...each.subject, within: [] }
    const severity = ruleFor(matter, rules.severity)?.severity ?? each.severity
    const asked = only.length === 0 || only.some((pattern) => fits(pattern, matter))
    return { rule: asked ? ruleFor(matter, rules.ignore) : NOT_ASKED, finding: { ...each, severity } }
  })
  return {
    findings: [
      ...findings,
      ...odd.filter(({ rule }) => rule === undefined).map((each) => each.finding),
      ...expiredFindings(
        environment,
        rules.expired,
        sorted.kept.map((each) => ({
          kind: `schema.${each.kind}`,
          object: objectOf(each),
          attributes: each.kind === 'changed' ? each.attributes : [],
        })),
      ),
    ],
    ignored: [
      ...ignored,
      ...odd.flatMap(({ rule, finding }) => (rule === undefined ? [] : [ignoredBy(rule, finding)])),
    ],
  }
}

function ignoredBy({ reason, expires }: { reason: string; expires?: string | undefined }, finding: Finding): Ignored {
  return { finding, reason, ...(expires === undefined ? {} : { expires }) }
}
