import { NEAR_TIMEOUT, type Alarm } from './alarms.ts'

/** Of a sweep, which is an execution of a state machine, and of the function that does its steps. */
export type FleetCondition = 'failing' | 'timed-out' | 'silent' | 'near-timeout' | 'throttled'

/** The alarms of a fleet, beside those of the jobs. */
export const FLEET_ALARMS: readonly (Alarm & { condition: FleetCondition })[] = [
  {
    name: 'RaingaugeFleetFailing',
    condition: 'failing',
    title: 'A sweep of the fleet could not list, look or tell',
    runbook: 'docs/runbooks/RaingaugeFleetFailing.md',
  },
  {
    name: 'RaingaugeFleetTimedOut',
    condition: 'timed-out',
    title: 'A sweep of the fleet did not end in time',
    runbook: 'docs/runbooks/RaingaugeFleetTimedOut.md',
  },
  {
    name: 'RaingaugeFleetSilent',
    condition: 'silent',
    title: 'The fleet is not swept any more',
    runbook: 'docs/runbooks/RaingaugeFleetSilent.md',
  },
  {
    name: 'RaingaugeFleetNearTimeout',
    condition: 'near-timeout',
    title: `A step of a sweep took more than ${NEAR_TIMEOUT * 100} % of the time it has`,
    runbook: 'docs/runbooks/RaingaugeNearTimeout.md',
  },
  {
    name: 'RaingaugeFleetThrottled',
    condition: 'throttled',
    title: 'A step of a sweep was refused a start',
    runbook: 'docs/runbooks/RaingaugeThrottled.md',
  },
]
