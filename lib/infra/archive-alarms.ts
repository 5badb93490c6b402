import { Duration } from 'aws-cdk-lib'
import { ComparisonOperator, TreatMissingData, type Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { ARCHIVE_ALARM } from '../config/alarms.ts'
import type { Config } from '../config/config.ts'
import { addAlarm } from './add-alarm.ts'
import { runMetric } from './run-metric.ts'
import { silenceOf } from './silence.ts'

export type ArchiveAlarmsProps = { config: Config; topic: ITopic }

/**
 * One alarm for each environment that is backed up: no check saw a verified archive that is young enough. It does not ask who makes
 * archives, or whether that ran, only what the store holds.
 */
export class ArchiveAlarms extends Construct {
  readonly alarms: Alarm[]

  constructor(scope: Construct, id: string, props: ArchiveAlarmsProps) {
    super(scope, id)
    const { config, topic } = props
    const { backup, check } = config.deploy.schedules
    const environments = new Set(backup.flatMap(({ environment }) => environment ?? []))
    this.alarms = [...environments].map((environment) =>
      addAlarm(this, environment, {
        entry: ARCHIVE_ALARM,
        place: environment,
        config,
        topic,
        watch: {
          // A backup tells the age too: a new archive ends the alarm at once.
          metric: runMetric('archiveAge', config.project, { environment }, 'Minimum', Duration.hours(1)),
          comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
          threshold: config.archives.staleAfterHours * 3600,
          // Until the next check is due, the last one holds.
          evaluationPeriods: silenceOf('check', check),
          // That there is no archive, and that nobody looks, are no data at all.
          treatMissingData: TreatMissingData.BREACHING,
        },
      }),
    )
  }
}
