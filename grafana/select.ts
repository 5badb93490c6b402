import { METRICS, type MetricKey } from '../lib/report/metric-catalogue.ts'

type Label<Key extends MetricKey> = (typeof METRICS)[Key]['labels'][number] | 'project'

/** A PromQL selector for a metric of the catalogue: a metric or label that is not in it does not compile. `~` before a value means a regular expression. */
export function select<Key extends MetricKey>(key: Key, matchers: Partial<Record<Label<Key>, string>> = {}): string {
  const parts = Object.entries<string | undefined>(matchers).flatMap(([label, value]) => {
    if (value === undefined) return []
    return value.startsWith('~') ? `${label}=~"${value.slice(1)}"` : `${label}="${value}"`
  })
  return `${METRICS[key].name}${parts.length === 0 ? '' : `{${parts.join(',')}}`}`
}
