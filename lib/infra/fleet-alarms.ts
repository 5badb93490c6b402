import { Duration } from 'aws-cdk-lib'
import { ComparisonOperator, TreatMissingData, type Alarm, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import type { Config } from '../config/config.ts'
import { FLEET_ALARMS, type FleetCondition } from '../config/fleet-alarms.ts'
import type { Fleet } from '../config/fleet-config.ts'
import { addAlarm, AT_LEAST_ONE } from './add-alarm.ts'
import { nearTimeout, throttled } from './function-conditions.ts'
import { silenceHours } from './silence.ts'

export type FleetAlarmsProps = {
  machine: StateMachine
  /** Does the steps of a sweep, each within `limit`. */
  steps: { function: IFunction; limit: Duration }
  config: Config
  fleet: Fleet
  topic: ITopic
}

/** The alarms of the catalogue for the sweeps of a fleet: they fail, do not end, or are not started; a step runs out of time, or is refused a start. */
export class FleetAlarms extends Construct {
  readonly alarms: Alarm[] = []

  constructor(scope: Construct, id: string, props: FleetAlarmsProps) {
    super(scope, id)
    const { config, topic } = props
    for (const entry of FLEET_ALARMS) {
      const watch = watchSweeps(props, entry.condition)
      this.alarms.push(addAlarm(this, entry.name, { entry, config, topic, watch }))
    }
  }
}

/** The metrics of a state machine: Step Functions Developer Guide, "Execution metrics". */
function watchSweeps({ machine, steps, fleet }: FleetAlarmsProps, condition: FleetCondition): AlarmProps {
  const atLeastOne = {
    ...AT_LEAST_ONE,
    // An execution that ends well sends a zero: until then it goes on failing.
    treatMissingData: TreatMissingData.IGNORE,
  }
  const period = Duration.minutes(5)
  switch (condition) {
    case 'failing':
      return { metric: machine.metricFailed({ period, statistic: 'Sum' }), ...atLeastOne }
    case 'timed-out':
      return { metric: machine.metricTimedOut({ period, statistic: 'Sum' }), ...atLeastOne }
    case 'silent':
      return {
        metric: machine.metricStarted({ period: Duration.hours(1), statistic: 'Sum' }),
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        evaluationPeriods: silenceHours('fleet', fleet.schedule),
        treatMissingData: TreatMissingData.BREACHING,
      }
    case 'near-timeout':
      return nearTimeout(steps.function, steps.limit)
    case 'throttled':
      return throttled(steps.function)
    default:
      return condition satisfies never
  }
}
