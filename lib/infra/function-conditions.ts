// What CloudWatch sees of a function: Lambda Developer Guide, "Types of metrics for Lambda functions".
import { Duration } from 'aws-cdk-lib'
import { ComparisonOperator, TreatMissingData, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { NEAR_TIMEOUT } from '../config/alarms.ts'
import { AT_LEAST_ONE } from './add-alarm.ts'

const period = Duration.minutes(5)

/** A run took more than {@link NEAR_TIMEOUT} of `limit`. */
export function nearTimeout(target: IFunction, limit: Duration): AlarmProps {
  return {
    metric: target.metricDuration({ period, statistic: 'Maximum' }),
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: NEAR_TIMEOUT * limit.toMilliseconds(),
    evaluationPeriods: 1,
    // The next run says whether it was that one alone.
    treatMissingData: TreatMissingData.IGNORE,
  }
}

/** A start was refused. */
export function throttled(target: IFunction): AlarmProps {
  return {
    metric: target.metricThrottles({ period, statistic: 'Sum' }),
    ...AT_LEAST_ONE,
    // Whoever starts it tries again. When nobody is refused any more it is over; what never got a start is silent.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  }
}
