// From measured runs to the quantities of a month: two environments, checked hourly, backed up nightly, drilled weekly.
import { HOURS_A_MONTH, type Item } from './cost.ts'
import type { Taken } from './function-runs.ts'

const NIGHTS = HOURS_A_MONTH / 24
const WEEKS = NIGHTS / 7

/** What stands in the template, whatever runs. `secrets`: parameters that a run may fetch. */
export type Standing = { alarms: number; dashboards: number; keys: number; secrets: number; drillStorageGb: number }

type Often = { run: Taken; times: number }

/** `dumpGb`: of raw dump each night, of both environments together. Runs with rows are drawn out to it, run by run without rows apart. */
export function monthOf(taken: readonly Taken[], standing: Standing, dumpGb: number): Item[] {
  const runOf = (name: string): Taken => {
    const found = taken.find((each) => each.name === name)
    if (found === undefined) throw new Error(`no run is called ${name}`)
    return found
  }
  const grown = (job: 'backup' | 'drill'): Taken =>
    drawOut(runOf(`${job}, no rows`), runOf(job), dumpGb * 1e9, runOf('backup').rawBytes)
  const often: Often[] = [
    { run: runOf('check'), times: HOURS_A_MONTH },
    { run: runOf('backup, no rows'), times: NIGHTS },
    { run: grown('backup'), times: NIGHTS },
    { run: runOf('drill, no rows'), times: WEEKS },
    { run: grown('drill'), times: WEEKS },
    { run: runOf('prune'), times: 2 * NIGHTS },
  ]
  const sum = (of: (run: Taken) => number): number =>
    often.reduce((total, { run, times }) => total + of(run) * times, 0)
  const starts = sum(() => 1)
  const drills = grown('drill').seconds * WEEKS
  return [
    ...(['check', 'backup', 'drill', 'prune'] as const).map((job) => ({
      what: `Lambda, ${job}`,
      price: 'lambdaArm' as const,
      quantity: sum((run) => (run.job === job ? run.seconds * (run.memoryMb / 1024) : 0)),
    })),
    { what: 'Lambda, disk of the drill', price: 'lambdaStorage', quantity: drills * standing.drillStorageGb },
    { what: 'Lambda, starts', price: 'lambdaRequest', quantity: starts },
    { what: 'Scheduler', price: 'schedule', quantity: starts },
    { what: 'S3, writing and listing', price: 's3Write', quantity: sum(({ s3Writes }) => s3Writes) },
    { what: 'S3, reading', price: 's3Read', quantity: sum(({ s3Reads }) => s3Reads) },
    { what: 'CloudWatch, alarms', price: 'alarm', quantity: standing.alarms },
    { what: 'CloudWatch, metrics', price: 'metric', quantity: metricsOf(often) },
    { what: 'CloudWatch, dashboard', price: 'dashboard', quantity: standing.dashboards },
    { what: 'CloudWatch, logs', price: 'logs', quantity: sum(({ logBytes }) => logBytes) / 1e9 },
    { what: 'KMS, key', price: 'kmsKey', quantity: standing.keys },
    // With a bucket key, S3 asks for far fewer than this: one for each object at most. Parameters cost what it takes to decrypt them.
    {
      what: 'KMS, requests',
      price: 'kmsRequest',
      quantity: sum(({ s3Writes, s3Reads }) => s3Writes + s3Reads) + starts * standing.secrets,
    },
  ]
}

/** What a run with rows takes beyond one without, at so many more rows. */
function drawOut(without: Taken, withRows: Taken, wantedBytes: number, measuredBytes: number): Taken {
  const factor = wantedBytes / measuredBytes
  const at = (of: (run: Taken) => number): number => of(without) + Math.max(0, of(withRows) - of(without)) * factor
  return {
    ...withRows,
    seconds: at(({ seconds }) => seconds),
    s3Writes: at(({ s3Writes }) => s3Writes),
    s3Reads: at(({ s3Reads }) => s3Reads),
  }
}

/** Metrics that are sent hourly, or parts of one: a series costs for the hours in which something was sent. */
function metricsOf(often: readonly Often[]): number {
  const hours = new Map<string, number>()
  for (const { run, times } of often) {
    for (const series of run.metrics) hours.set(series, Math.min(HOURS_A_MONTH, (hours.get(series) ?? 0) + times))
  }
  return [...hours.values()].reduce((sum, each) => sum + each, 0) / HOURS_A_MONTH
}
