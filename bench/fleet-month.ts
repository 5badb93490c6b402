// From the measured steps of a small sweep to the quantities of a month of hourly sweeps of a large fleet.
import { planBatches } from '../lib/job/fleet/plan-batches.ts'
import { HOURS_A_MONTH, type Item } from './cost.ts'
import { FLEET_SIZE, type Taken } from './function-runs.ts'

/** `alarms`: those that a fleet adds. */
export type FleetSize = { databases: number; servers: number; alarms: number }

/** States of the machine that a sweep, a batch and a look go through: lib/infra/fleet-definition.ts. */
const STATES = { sweep: 4, batch: 1, look: 2 }

/** The defaults of the configuration. */
const LIMITS = { perServer: 2, atOnce: 20 }

export function fleetMonthOf(taken: readonly Taken[], { databases, servers, alarms }: FleetSize): Item[] {
  const stepOf = (step: string): Taken => {
    const found = taken.find(({ name }) => name === `fleet, ${step}`)
    if (found === undefined) throw new Error(`no step ${step} was measured`)
    return found
  }
  const [list, look, tell] = [stepOf('list'), stepOf('look'), stepOf('tell')]
  const tenants = Array.from({ length: databases }, (_, index) => ({ name: `${index}`, server: `${index % servers}` }))
  const batches = planBatches(tenants, LIMITS).filter(({ length }) => length > 0)
  const looks = batches.reduce((sum, { length }) => sum + Math.ceil(length / FLEET_SIZE), 0)
  // What a step takes that looks at nothing is the start, the list and the store.
  const each = (of: (run: Taken) => number): number => Math.max(0, of(look) - of(list)) / FLEET_SIZE
  const sweep = (of: (run: Taken) => number): number => of(list) + looks * of(list) + databases * each(of) + of(tell)
  const transitions = STATES.sweep + batches.length * STATES.batch + looks * STATES.look
  return [
    {
      what: 'Lambda, fleet',
      price: 'lambdaArm',
      quantity: month(sweep(({ seconds }) => seconds)) * (look.memoryMb / 1024),
    },
    { what: 'Lambda, starts', price: 'lambdaRequest', quantity: month(looks + 2) },
    { what: 'Step Functions', price: 'transition', quantity: month(transitions) },
    { what: 'S3, writing and listing', price: 's3Write', quantity: month(sweep(({ s3Writes }) => s3Writes)) },
    { what: 'S3, reading', price: 's3Read', quantity: month(sweep(({ s3Reads }) => s3Reads)) },
    { what: 'CloudWatch, alarms', price: 'alarm', quantity: alarms },
    { what: 'CloudWatch, logs', price: 'logs', quantity: month(sweep(({ logBytes }) => logBytes)) / 1e9 },
    { what: 'CloudWatch, metrics', price: 'metric', quantity: new Set(tell.metrics).size },
    {
      what: 'KMS, requests',
      price: 'kmsRequest',
      quantity: month(sweep(({ s3Writes, s3Reads }) => s3Writes + s3Reads) + looks + 2),
    },
  ]
}

function month(quantity: number): number {
  return quantity * HOURS_A_MONTH
}
