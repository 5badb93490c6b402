// What the configuration says of differences: some are left out, with a reason, and some matter more or less than usual.
import type { IgnoreRule, SchemaPattern, SchemaRules, SeverityRule } from '../config/config.ts'
import { finding, type Finding, type Severity } from '../finding.ts'
import type { CatalogObject } from './catalog.ts'
import { objectOf, type Difference } from './difference.ts'
import { describePattern, fits, matterOf, type Matter } from './rule-match.ts'
import { severityOf, worst } from './severity.ts'

const DAY_MS = 86_400_000

/** The rules as they stand for one environment at one moment. */
export type StandingRules = { ignore: IgnoreRule[]; expired: IgnoreRule[]; severity: SeverityRule[] }

/** A rule holds to the end of the day on which it expires, UTC. */
export function standingRules(rules: SchemaRules, environment: string, now: Date): StandingRules {
  const here = <Rule extends { environment?: string | undefined }>(all: readonly Rule[]): Rule[] =>
    all.filter((rule) => rule.environment === undefined || rule.environment === environment)
  const over = ({ expires }: IgnoreRule): boolean =>
    expires !== undefined && now.getTime() >= Date.parse(`${expires}T00:00:00Z`) + DAY_MS
  const ignore = here(rules.ignore)
  return {
    ignore: ignore.filter((rule) => !over(rule)),
    expired: ignore.filter(over),
    severity: here(rules.severity),
  }
}

/** What is left out because only something else was asked for. */
export const NOT_ASKED: IgnoreRule = { reason: 'not asked for' }

export type Sorted = { kept: Difference[]; ignored: { difference: Difference; rule: IgnoreRule }[] }

/** Parts the differences; of a changed object only the facts that a rule is about are left out. The first rule that fits counts. */
export function sortOut(differences: readonly Difference[], rules: readonly IgnoreRule[]): Sorted {
  const sorted: Sorted = { kept: [], ignored: [] }
  if (rules.length === 0) return { ...sorted, kept: [...differences] }
  for (const difference of differences) {
    if (difference.kind !== 'changed') {
      const rule = ruleFor(matterOfDifference(difference), rules)
      if (rule === undefined) sorted.kept.push(difference)
      else sorted.ignored.push({ difference, rule })
      continue
    }
    const matter = matterOfDifference(difference)
    const byRule = Map.groupBy(difference.attributes, (attribute) => ruleFor({ ...matter, attribute }, rules))
    for (const [rule, attributes] of byRule) {
      if (rule === undefined) sorted.kept.push({ ...difference, attributes })
      else sorted.ignored.push({ difference: { ...difference, attributes }, rule })
    }
  }
  return sorted
}

/** Leaves out what none of the patterns is about, as if a rule said so. No pattern: keeps all. */
export function narrow({ kept, ignored }: Sorted, only: readonly SchemaPattern[]): Sorted {
  if (only.length === 0) return { kept, ignored }
  const wanted = (each: Difference): boolean => only.some((pattern) => fits(pattern, matterOfDifference(each)))
  return {
    kept: kept.filter(wanted),
    ignored: [
      ...ignored,
      ...kept.filter((each) => !wanted(each)).map((difference) => ({ difference, rule: NOT_ASKED })),
    ],
  }
}

/** The severity that the rules give a difference; that of the house where none speaks of it. */
export function ruledSeverity(difference: Difference, rules: readonly SeverityRule[]): Severity {
  const matter = matterOfDifference(difference)
  if (difference.kind !== 'changed') return ruleFor(matter, rules)?.severity ?? severityOf(difference)
  return worst(
    difference.attributes.map(
      (attribute) =>
        ruleFor({ ...matter, attribute }, rules)?.severity ?? severityOf({ ...difference, attributes: [attribute] }),
    ),
  )
}

/** The first rule that fits. */
export function ruleFor<Rule extends IgnoreRule | SeverityRule>(
  matter: Matter,
  rules: readonly Rule[],
): Rule | undefined {
  return rules.find((rule) => fits(rule, matter))
}

/** One note for each rule that has expired, with how much it no longer ignores. */
export function expiredFindings(
  environment: string,
  expired: readonly IgnoreRule[],
  findings: readonly { kind: string; object: CatalogObject; attributes: readonly string[] }[],
): Finding[] {
  return expired.map((rule) => {
    const matched = findings.filter(({ kind, object, attributes }) => {
      const matter = matterOf(kind, object)
      return fits(rule, matter) || attributes.some((attribute) => fits(rule, { ...matter, attribute }))
    }).length
    const name = describePattern(rule)
    const now = matched === 0 ? 'nothing fits it any more' : `${matched} told again`
    return finding(environment, 'schema.rule-expired', {
      subject: { class: 'rule', name },
      summary: `the rule to ignore ${name} (${rule.reason}) ended on ${rule.expires ?? ''}: ${now}`,
    })
  })
}

function matterOfDifference(difference: Difference): Matter {
  return matterOf(`schema.${difference.kind}`, objectOf(difference))
}
