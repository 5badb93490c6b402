// An alarm as CloudWatch evaluates it: User Guide, "Evaluating an alarm" and "Configuring how CloudWatch alarms treat missing data".

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export type EvaluatedAlarm = {
  Statistic: string
  Threshold: number
  ComparisonOperator: string
  EvaluationPeriods: number
  DatapointsToAlarm?: number
  TreatMissingData: string
}

/** What a metric was sent in one period; none: no data. */
export type Period = readonly number[]

/**
 * The state after each period. CloudWatch may look a little further back for data than the window; this one does not, so it is rather
 * too strict. Refuses what the alarms of the stack do not use.
 */
export function statesOf(alarm: EvaluatedAlarm, periods: readonly Period[]): AlarmState[] {
  const { EvaluationPeriods: window, DatapointsToAlarm: needed = window, TreatMissingData: treatment } = alarm
  const states: AlarmState[] = []
  for (const index of periods.keys()) {
    const before = states.at(-1) ?? 'INSUFFICIENT_DATA'
    const seen = Array.from({ length: window }, (_, back) => periods[index - back] ?? [])
    const breaches = seen.map((sent) =>
      sent.length === 0 ? missing(treatment) : breaks(alarm, statistic(alarm, sent)),
    )
    if (breaches.includes('keep')) {
      if (window > 1) throw new Error('ignoring missing data over several periods is not told apart here')
      states.push(before)
    } else {
      states.push(breaches.filter((each) => each === true).length >= needed ? 'ALARM' : 'OK')
    }
  }
  return states
}

function missing(treatment: string): boolean | 'keep' {
  switch (treatment) {
    case 'breaching':
      return true
    case 'notBreaching':
      return false
    case 'ignore':
      return 'keep'
    default:
      throw new Error(`missing data are treated as ${treatment}`)
  }
}

function statistic({ Statistic: name }: EvaluatedAlarm, sent: Period): number {
  switch (name) {
    case 'Sum':
      return sent.reduce((sum, each) => sum + each, 0)
    case 'Maximum':
      return Math.max(...sent)
    case 'Minimum':
      return Math.min(...sent)
    default:
      throw new Error(`the statistic is ${name}`)
  }
}

function breaks({ ComparisonOperator: operator, Threshold: threshold }: EvaluatedAlarm, value: number): boolean {
  switch (operator) {
    case 'GreaterThanThreshold':
      return value > threshold
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold
    case 'LessThanThreshold':
      return value < threshold
    default:
      throw new Error(`the comparison is ${operator}`)
  }
}
