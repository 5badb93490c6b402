import type { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { CLOUDWATCH_METRICS, CLOUDWATCH_NAMESPACE, type CloudWatchKey } from '../config/cloudwatch-metrics.ts'

type Rest<Key extends CloudWatchKey> = Record<
  Exclude<(typeof CLOUDWATCH_METRICS)[Key]['dimensions'][number], 'project'>,
  string
>

/** A metric that runs log, of one project and one place: see lib/report/emf.ts. */
export function runMetric<Key extends CloudWatchKey>(
  key: Key,
  project: string,
  place: Rest<Key>,
  statistic: 'Minimum' | 'Maximum' | 'SampleCount',
  period: Duration,
): Metric {
  return new Metric({
    namespace: CLOUDWATCH_NAMESPACE,
    metricName: CLOUDWATCH_METRICS[key].name,
    dimensionsMap: { project, ...place },
    statistic,
    period,
  })
}
