import { expect, test } from 'vitest'
import { billOf, formatBill } from '../../bench/cost.ts'
import type { Taken } from '../../bench/function-runs.ts'
import { monthOf } from '../../bench/month.ts'

const IDLE = { memoryMb: 1024, peakMb: 0, s3Writes: 0, s3Reads: 0, logBytes: 0, metrics: [], rawBytes: 0 }
const STANDING = { alarms: 0, dashboards: 0, keys: 0, secrets: 0, drillStorageGb: 0 }

const run = (name: string, job: Taken['job'], more: Partial<Taken> = {}): Taken => ({
  ...IDLE,
  name,
  job,
  seconds: 1,
  ...more,
})

test('allowances are taken once for all items of a price, and never give money back', () => {
  const { list, afterFree } = billOf([
    { what: 'a', price: 'alarm', quantity: 8 },
    { what: 'b', price: 'alarm', quantity: 8 },
    { what: 'c', price: 'dashboard', quantity: 1 },
  ])
  expect(list).toBeCloseTo(4.6)
  expect(afterFree).toBeCloseTo(0.6)
})

test('a run with rows is drawn out to the size that is asked for, and a nightly metric costs a part of an hourly one', () => {
  const items = monthOf(
    [
      run('check', 'check', { metrics: ['hourly'] }),
      run('backup, no rows', 'backup'),
      run('backup', 'backup', { seconds: 3, rawBytes: 1e9, metrics: ['nightly'] }),
      run('drill, no rows', 'drill'),
      run('drill', 'drill'),
      run('prune', 'prune'),
    ],
    STANDING,
    10,
  )
  const quantityOf = (what: string): number | undefined => items.find((item) => item.what === what)?.quantity
  // One second for the one without rows, 1 + 2 × 10 for the other.
  expect(quantityOf('Lambda, backup')).toBeCloseTo((730 / 24) * 22)
  expect(quantityOf('CloudWatch, metrics')).toBeCloseTo(1 + 1 / 24)
})

test('what is below a cent stands together', () => {
  const bill = billOf([
    { what: 'key', price: 'kmsKey', quantity: 1 },
    { what: 'starts', price: 'lambdaRequest', quantity: 900 },
  ])
  expect(formatBill('a month', bill)).toContain('| starts | below a cent each | 0.00 |')
})
