import { Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { Alarm as AlarmEntry } from '../config/alarms.ts'
import type { Config } from '../config/config.ts'

export type AlarmSetting = {
  entry: AlarmEntry
  /** What the alarm is about where there are several of its name, such as an environment. */
  place?: string
  config: Pick<Config, 'project' | 'deploy'>
  /** Is told when it begins and when it ends. */
  topic: ITopic
  watch: Omit<AlarmProps, 'alarmName' | 'alarmDescription'>
}

/** One is one too many. */
export const AT_LEAST_ONE = {
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  threshold: 1,
  evaluationPeriods: 1,
} as const

/** Makes an alarm of the catalogue. Its name is one of its own in the account: two stacks may watch projects of the same name. */
export function addAlarm(scope: Construct, id: string, { entry, place, config, topic, watch }: AlarmSetting): Alarm {
  const { stackName } = Stack.of(scope)
  const about = place === undefined ? entry.title : `${entry.title}: ${place}`
  const alarm = new Alarm(scope, id, {
    alarmName: [entry.name, ...(place === undefined ? [] : [place]), config.project, stackName].join('-'),
    alarmDescription: `${about}. Runbook: ${runbookAt(entry, config.deploy.runbooks)}`,
    ...watch,
  })
  alarm.addAlarmAction(new SnsAction(topic))
  alarm.addOkAction(new SnsAction(topic))
  return alarm
}

/** Where the page of an alarm is. `base`: the address under which the runbooks are published; null: their path in the repository. */
export function runbookAt({ runbook }: Pick<AlarmEntry, 'runbook'>, base: string | null): string {
  if (base === null) return runbook
  return `${base.replace(/\/$/, '')}/${runbook.slice(runbook.lastIndexOf('/') + 1)}`
}
