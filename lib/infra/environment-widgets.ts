// What the dashboard shows of the environments: what is wrong in each, and its archives.
import { Duration } from 'aws-cdk-lib'
import { GraphWidget, LogQueryVisualizationType, LogQueryWidget, type IWidget } from 'aws-cdk-lib/aws-cloudwatch'
import { CLOUDWATCH_METRICS, FINDINGS_OF } from '../config/cloudwatch-metrics.ts'
import type { Config } from '../config/config.ts'
import type { JobFunction } from './job-function.ts'
import { WIDTH } from './job-widgets.ts'
import { runMetric } from './run-metric.ts'

/** Of all environments together. */
export function findings(project: string): IWidget {
  return new GraphWidget({
    title: 'Findings',
    left: [runMetric('findings', project, {}, 'Maximum', Duration.hours(1)).with({ label: 'all environments' })],
    leftYAxis: { min: 0, showUnits: false },
    width: WIDTH / 3,
  })
}

/** By environment, from the log: as metrics they would cost 30 cents a month each. */
export function findingsOf({ function: check }: JobFunction, environments: readonly string[]): IWidget {
  const most = [...environments, 'folder'].map((each) => `max(\`${FINDINGS_OF}.${each}\`) as \`${each}\``)
  return new LogQueryWidget({
    title: 'Findings by environment',
    logGroupNames: [check.logGroup.logGroupName],
    view: LogQueryVisualizationType.LINE,
    queryLines: [`filter ispresent(${CLOUDWATCH_METRICS.findings.name})`, `stats ${most.join(', ')} by bin(1h)`],
    width: WIDTH,
    height: 5,
  })
}

/** Against the age at which an archive is stale. */
export function ages({ project, archives }: Config, environments: readonly string[]): IWidget {
  return new GraphWidget({
    title: 'Age of the newest verified archive',
    left: environments.map((environment) =>
      runMetric('archiveAge', project, { environment }, 'Minimum', Duration.hours(1)).with({ label: environment }),
    ),
    leftAnnotations: [{ value: archives.staleAfterHours * 3600, label: 'stale' }],
    leftYAxis: { min: 0 },
    width: WIDTH / 3,
  })
}

/** Uncompressed, and as they are stored. */
export function sizes(project: string, environments: readonly string[]): IWidget {
  const period = Duration.days(1)
  return new GraphWidget({
    title: 'Size of the newest archive',
    left: environments.flatMap((environment) => [
      runMetric('archiveRawBytes', project, { environment }, 'Maximum', period).with({ label: environment }),
      runMetric('archiveStoredBytes', project, { environment }, 'Maximum', period).with({
        label: `${environment}, stored`,
      }),
    ]),
    leftYAxis: { min: 0 },
    width: WIDTH / 3,
  })
}
