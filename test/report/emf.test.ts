import { expect, test } from 'vitest'
import { z } from 'zod'
import { CLOUDWATCH_METRICS, FINDINGS_OF } from '../../lib/config/cloudwatch-metrics.ts'
import { finding, verdict } from '../../lib/finding.ts'
import { emfLines, type RanIn } from '../../lib/report/emf.ts'
import { METRICS } from '../../lib/report/metric-catalogue.ts'
import type { Run } from '../../lib/run.ts'
import { behind, HOSTILE_NAME, hostile, indexMissing, pending, sampleRun } from './sample-run.ts'

const NOW = new Date('2026-11-22T09:02:00Z')

const name = z.string().min(1).max(250)

/** CloudWatch User Guide, "Specification: Embedded metric format", with its JSON schema, but for members that it allows and we do not write. */
const document = z
  .looseObject({
    _aws: z.strictObject({
      Timestamp: z.int(),
      CloudWatchMetrics: z
        .array(
          z.strictObject({
            Namespace: z.string().min(1).max(255),
            Dimensions: z.array(z.array(name).max(9)).length(1),
            Metrics: z
              .array(z.strictObject({ Name: name, Unit: z.enum(['Seconds', 'Bytes', 'Count']) }))
              .min(1)
              .max(100),
          }),
        )
        .length(1),
    }),
  })
  // Targets are members of the root: dimensions are text, metrics are numbers, and no other member would be a metric.
  .check(({ value, issues }) => {
    const directives = value._aws.CloudWatchMetrics
    const texts = directives.flatMap(({ Dimensions: sets }) => sets.flat())
    const numbers = directives.flatMap(({ Metrics: metrics }) => metrics.map((metric) => metric.Name))
    const isTarget = ([key, target]: [string, unknown]): boolean =>
      key === '_aws' ||
      (texts.includes(key) && typeof target === 'string' && target !== '' && target.length <= 1024) ||
      (numbers.includes(key) && Number.isFinite(target)) ||
      (key === FINDINGS_OF && Object.values(target as object).every((part) => Number.isFinite(part)))
    const strays = Object.entries(value).filter((member) => !isTarget(member))
    const missing = [...texts, ...numbers].filter((key) => !(key in value))
    if (strays.length + missing.length + (new Set(numbers).size - numbers.length) === 0) return
    issues.push({ code: 'custom', input: value, message: JSON.stringify({ strays, missing, numbers }) })
  })

/** The documents, each held against the specification. */
function documentsOf(run: Run, ranIn: RanIn = 'function'): Record<string, unknown>[] {
  return emfLines(run, NOW, ranIn).map((line) => {
    expect(line).not.toContain('\n')
    return document.parse(JSON.parse(line))
  })
}

/** Without what is the same in all of them. */
function placesOf(run: Run, ranIn?: RanIn): Record<string, unknown>[] {
  return documentsOf(run, ranIn).map((each) =>
    Object.fromEntries(Object.entries(each).filter(([key]) => key !== '_aws')),
  )
}

const check: Run = { ...sampleRun, job: 'check', archives: [] }

test('a check tells the findings, of which each environment has its part, and of each the age of the newest verified archive', () => {
  const newestVerified = [{ environment: 'production', startedAt: '2026-11-22T02:17:00.000Z' }]
  expect(placesOf({ ...check, newestVerified })).toEqual([
    // Staging has one pending migration, which is information; production of the ledger 1 and of the schema 3, of two severities.
    { project: 'app', raingauge_findings: 4, findings_of: { folder: 0, staging: 0, production: 4 } },
    { project: 'app', environment: 'production', raingauge_archive_age_seconds: 24_300 },
  ])
})

test('a task tells its own time, which Lambda does of functions', () => {
  const [time, ...others] = placesOf(check, 'task')
  expect(time).toEqual({ project: 'app', job_name: 'check', raingauge_run_duration_seconds: 12.3 })
  expect(others).toEqual(placesOf(check, 'function'))
})

/** The ages that a check tells which saw verified archives of these times. */
function ages(startedAt: readonly string[]): unknown[] {
  const newestVerified = startedAt.map((each) => ({ environment: 'production', startedAt: each }))
  return placesOf({ ...check, verdicts: [], newestVerified }).flatMap(
    (place) => place['raingauge_archive_age_seconds'] ?? [],
  )
}

test('where no verified archive was seen there is no age, and none is younger than new', () => {
  expect(ages([])).toEqual([])
  expect(ages(['2026-11-22T10:00:00.000Z'])).toEqual([0])
})

test('a backup tells age and sizes of what it made, not of findings, which it looks for less of', () => {
  const backup: Run = { ...sampleRun, job: 'backup', verdicts: [verdict('archive', 'production', 900, [indexMissing])] }
  expect(placesOf(backup)).toEqual([
    {
      project: 'app',
      environment: 'production',
      raingauge_archive_age_seconds: 24_300,
      raingauge_archive_raw_bytes: 1_234_567_890,
      raingauge_archive_stored_bytes: 240_000_000,
    },
    // Only uploaded: of no known worth yet, so without an age.
    {
      project: 'app',
      environment: 'staging',
      raingauge_archive_raw_bytes: 45_000,
      raingauge_archive_stored_bytes: 9100,
    },
  ])
})

test('a fleet tells how many databases are how, however many there are', () => {
  const fleet = { databases: 10_000, clean: 9995, findings: 3, unknown: 2, document: 'sweeps/x' }
  const run: Run = { ...check, job: 'fleet', verdicts: [], ledgers: [], fleet }
  expect(placesOf(run).filter((place) => 'status' in place)).toEqual([
    { project: 'app', status: 'clean', raingauge_fleet_databases: 9995 },
    { project: 'app', status: 'findings', raingauge_fleet_databases: 3 },
    { project: 'app', status: 'unknown', raingauge_fleet_databases: 2 },
  ])
})

test('nothing but names of the configuration and numbers leaves, and no more series for more findings', () => {
  const hash = 'c0ffee'.repeat(10)
  const secret = 'postgres://app:hunter22@db.example.com/app'
  const many = Array.from({ length: 500 }, (_, index) =>
    finding('production', 'schema.missing', { subject: { class: 'index', name: `i${index}` }, summary: secret }),
  )
  const noisy: Run = {
    ...check,
    verdicts: [
      verdict('schema', 'production', 1, [...many, hostile]),
      verdict('ledger', 'production', 1, [behind, pending]),
    ],
    ledgers: [{ environment: 'production', applied: 1, newest: { tag: HOSTILE_NAME, hash } }],
    problems: [secret],
  }
  expect(placesOf(noisy)).toEqual([{ project: 'app', raingauge_findings: 502, findings_of: { production: 502 } }])
})

test('every line has the time it was asked for, in the one namespace', () => {
  const metadata = documentsOf(check).map(({ _aws }) => _aws)
  expect(metadata.length).toBeGreaterThan(0)
  for (const each of metadata) {
    expect(each).toMatchObject({ Timestamp: NOW.getTime(), CloudWatchMetrics: [{ Namespace: 'Raingauge' }] })
  }
})

test('what CloudWatch gets is of the catalogue, by name, unit and labels; only ages are its own', () => {
  const units: Record<string, string> = { seconds: 'Seconds', bytes: 'Bytes', count: 'Count' }
  for (const { name: metric, unit, dimensions } of Object.values(CLOUDWATCH_METRICS)) {
    if (metric === 'raingauge_archive_age_seconds') continue
    const known = Object.values(METRICS).find((each) => each.name === metric)
    expect(unit).toBe(units[known?.unit ?? 'none'])
    expect(['project', ...(known?.labels ?? [])]).toEqual(expect.arrayContaining([...dimensions]))
  }
  expect(Object.keys(CLOUDWATCH_METRICS).length).toBeLessThanOrEqual(100)
})
