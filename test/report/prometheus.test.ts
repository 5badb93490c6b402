import { describe, expect, test } from 'vitest'
import { register } from 'prom-client'
import { finding, unknown, verdict, type Verdict } from '../../lib/finding.ts'
import { METRICS, type Metric } from '../../lib/report/metric-catalogue.ts'
import { prometheusText } from '../../lib/report/prometheus.ts'
import type { JobName, Run } from '../../lib/run.ts'
import { behind, HOSTILE_NAME, indexMissing, sampleRun } from './sample-run.ts'

/** The lines that hold a value, of one metric or of all. */
function seriesOf(text: string, name = ''): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && line.startsWith(name))
}

function productionTime(trust: string, time: string): string {
  const labels = `project="app",environment="production",trust="${trust}"`
  return `raingauge_archive_last_timestamp_seconds{${labels}} ${Date.parse(time) / 1000}`
}

function run(job: JobName, startedAt: string, verdicts: Verdict[], more: Partial<Run> = {}): Run {
  return { ...sampleRun, job, startedAt, verdicts, archives: [], ledgers: [], ...more }
}

describe('the text', () => {
  test('says what the run says', async () => {
    expect(seriesOf(await prometheusText({ run: sampleRun }))).toEqual(
      expect.arrayContaining([
        'raingauge_build_info{project="app",version="0.1.0"} 1',
        'raingauge_run_last_completion_timestamp_seconds{project="app",job_name="run"} 1795338000',
        'raingauge_run_duration_seconds{project="app",job_name="run"} 12.3',
        'raingauge_check_status{project="app",environment="staging",check="schema",status="unknown"} 1',
        'raingauge_check_status{project="app",environment="staging",check="schema",status="clean"} 0',
        'raingauge_check_status{project="app",environment="folder",check="folder",status="clean"} 1',
        'raingauge_check_duration_seconds{project="app",environment="production",check="schema"} 3.2',
        'raingauge_findings{project="app",environment="production",check="schema",severity="critical"} 1',
        'raingauge_findings{project="app",environment="production",check="schema",severity="warning"} 2',
        'raingauge_findings{project="app",environment="production",check="archive",severity="critical"} 0',
        'raingauge_migration_info{project="app",environment="production",tag="0004_orders",hash="4f4f4f4f4f4f"} 1',
        'raingauge_migrations_applied{project="app",environment="staging"} 6',
        'raingauge_archive_last_timestamp_seconds{project="app",environment="production",trust="restored"} 1795313820',
        'raingauge_archive_rows{project="app",environment="production"} 1234567',
        'raingauge_archive_stored_bytes{project="app",environment="staging"} 9100',
      ]),
    )
  })

  test('has a metric for every one of the catalogue, all of them gauges with the labels it names', async () => {
    const fleet = { databases: 3, clean: 1, findings: 1, unknown: 1, document: 'fleet/app/last.json' }
    const text = await prometheusText({ run: sampleRun, earlier: [run('fleet', sampleRun.startedAt, [], { fleet })] })
    for (const { name, labels, help } of Object.values<Metric>(METRICS)) {
      expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} gauge\n`)
      for (const line of seriesOf(text, `${name}{`)) {
        expect([...line.matchAll(/(\w+)="/g)].map(([, label]) => label)).toEqual(['project', ...labels])
      }
    }
  })

  test('counts what rules left out', async () => {
    const left = verdict('schema', 'staging', 1, [], [{ finding: indexMissing, reason: 'made by the DBA' }])
    const text = await prometheusText({
      run: run('check', sampleRun.startedAt, [left, verdict('ledger', 'staging', 1, [])]),
    })
    expect(seriesOf(text, 'raingauge_ignored_findings')).toEqual([
      'raingauge_ignored_findings{project="app",environment="staging",check="schema"} 1',
      'raingauge_ignored_findings{project="app",environment="staging",check="ledger"} 0',
    ])
  })

  test('leaves out what there is no value for: 0 would be an answer', async () => {
    const text = await prometheusText({ run: run('check', sampleRun.startedAt, [verdict('ledger', 'staging', 1, [])]) })
    expect(text).not.toMatch(/archive|migration/)
    expect(seriesOf(text, 'raingauge_findings')).toHaveLength(3)
  })

  test('says of an archive only what is proven', async () => {
    const text = await prometheusText({ run: sampleRun })
    expect(seriesOf(text, 'raingauge_archive_last_timestamp_seconds{project="app",environment="staging"')).toEqual([
      'raingauge_archive_last_timestamp_seconds{project="app",environment="staging",trust="uploaded"} 1795313700',
    ])
  })

  test('keeps out of the registry that the process shares', async () => {
    await prometheusText({ run: sampleRun })
    expect(register.getMetricsAsArray()).toEqual([])
  })

  test('tells an empty ledger from one that nobody could read', async () => {
    const empty = { environment: 'production', applied: 0, newest: null }
    const text = await prometheusText({ run: run('check', sampleRun.startedAt, [], { ledgers: [empty] }) })
    expect(seriesOf(text, 'raingauge_migration')).toEqual([
      'raingauge_migration_info{project="app",environment="production",tag="(none)",hash=""} 1',
      'raingauge_migrations_applied{project="app",environment="production"} 0',
    ])
  })
})

describe('the number of series', () => {
  test('does not grow with findings, tables or archives', async () => {
    const few = await prometheusText({ run: sampleRun })
    const findings = Array.from({ length: 10_000 }, (_, index) =>
      finding('production', 'schema.changed', { subject: { class: 'table', name: `t${index}` }, summary: 'x' }),
    )
    const many = await prometheusText({
      run: {
        ...sampleRun,
        verdicts: sampleRun.verdicts.map((each) => ({ ...each, findings })),
        archives: Array.from({ length: 500 }, (_, index) => ({
          ...sampleRun.archives[index % 2]!,
          id: `${index}`,
          tables: Array.from({ length: 100 }, (_unused, table) => ({ name: `t${table}`, rows: 1 })),
        })),
      },
    })
    expect(seriesOf(many)).toHaveLength(seriesOf(few).length)
  })

  test('a tag is one line of bounded length, whatever it holds', async () => {
    const head = {
      environment: 'production',
      applied: 1,
      newest: { tag: `${HOSTILE_NAME}"\\${'x'.repeat(5000)}`, hash: 'f' },
    }
    const [line = '', ...more] = seriesOf(
      await prometheusText({ run: run('check', sampleRun.startedAt, [], { ledgers: [head] }) }),
      'raingauge_migration_info',
    )
    expect(more).toEqual([])
    expect(line.length).toBeLessThan(400)
    expect(line).not.toMatch(/\p{Cc}/u)
    expect(line).toMatch(/hash="f"} 1$/)
  })
})

describe('with earlier runs', () => {
  const sunday = '2026-11-22T04:17:00.000Z'
  const monday = '2026-11-23T02:17:00.000Z'
  const drillFailed = finding('production', 'archive.drill-failed', {
    subject: { class: 'archive', name: 'production' },
    summary: 'did not restore',
  })
  const failed = finding('production', 'archive.failed', {
    subject: { class: 'archive', name: 'production' },
    summary: 'backup failed',
  })
  const critical = 'raingauge_findings{project="app",environment="production",check="archive",severity="critical"}'
  const unknownArchive =
    'raingauge_check_status{project="app",environment="production",check="archive",status="unknown"}'

  test('each job keeps its own times, and checks that this run did not make keep their verdict', async () => {
    const check = run('check', sunday, [verdict('ledger', 'production', 1, [behind])], { ledgers: sampleRun.ledgers })
    const backup = run('backup', monday, [verdict('archive', 'production', 1, [])])
    const series = seriesOf(await prometheusText({ run: backup, earlier: [check] }))
    expect(series).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^raingauge_run_duration_seconds\{.*job_name="check"\}/),
        expect.stringMatching(/^raingauge_run_duration_seconds\{.*job_name="backup"\}/),
        'raingauge_findings{project="app",environment="production",check="ledger",severity="warning"} 1',
        'raingauge_migrations_applied{project="app",environment="production"} 5',
        `raingauge_check_timestamp_seconds{project="app",environment="production",check="ledger"} ${Date.parse(sunday) / 1000}`,
      ]),
    )
    expect(new Set(series.map((line) => line.split(' ')[0])).size).toBe(series.length)
  })

  test('the newest verdict of a check holds', async () => {
    const old = run('run', sunday, [unknown('schema', 'production', 1, 'no route', [indexMissing])])
    const now = run('check', monday, [verdict('schema', 'production', 1, [])])
    const series = seriesOf(await prometheusText({ run: now, earlier: [old] }), 'raingauge_check_status')
    expect(series.filter((line) => line.endsWith(' 1'))).toEqual([
      'raingauge_check_status{project="app",environment="production",check="schema",status="clean"} 1',
    ])
  })

  test.each([
    [
      'what the newest look at the store does not see is over',
      [
        ['drill', drillFailed],
        ['check', null],
      ],
      0,
    ],
    [
      'what it sees counts once',
      [
        ['drill', drillFailed],
        ['backup', drillFailed],
        ['check', drillFailed],
      ],
      1,
    ],
    [
      'a clean check does not hide a failed backup',
      [
        ['backup', failed],
        ['check', null],
      ],
      1,
    ],
    [
      'nor one in the main job',
      [
        ['run', failed],
        ['check', null],
      ],
      1,
    ],
    [
      'a clean main job ends it',
      [
        ['drill', drillFailed],
        ['run', null],
      ],
      0,
    ],
    [
      'a clean backup ends a failed backup',
      [
        ['run', failed],
        ['backup', null],
      ],
      0,
    ],
    [
      'a clean drill does not',
      [
        ['backup', failed],
        ['drill', null],
      ],
      1,
    ],
  ] as const)('%s', async (_name, story, value) => {
    const runs = story.map(([job, found], index) =>
      run(job, `2026-11-2${index + 1}T04:17:00.000Z`, [
        verdict('archive', 'production', 1, found === null ? [] : [found]),
      ]),
    )
    // As they are remembered: the last of each job.
    const last = [...new Map(runs.map((each) => [each.job, each])).values()].toSorted((a, b) =>
      b.startedAt.localeCompare(a.startedAt),
    )
    const text = await prometheusText({ run: last[0]!, earlier: last.slice(1) })
    expect(seriesOf(text, critical)).toEqual([`${critical} ${value}`])
  })

  test('a drill that could not look stays unknown until one can', async () => {
    const drill = run('drill', sunday, [unknown('archive', 'production', 1, 'no scratch server')])
    const backup = run('backup', monday, [verdict('archive', 'production', 1, [])])
    expect(seriesOf(await prometheusText({ run: backup, earlier: [drill] }), unknownArchive)).toEqual([
      `${unknownArchive} 1`,
    ])
  })

  test('a check that saw an archive in the store says so, though it made none, and hides no newer one', async () => {
    const seen = { newestVerified: [{ environment: 'production', startedAt: sunday }] }
    const times = async (earlier: Run[]): Promise<string[]> =>
      seriesOf(
        await prometheusText({ run: run('check', monday, [], seen), earlier }),
        'raingauge_archive_last_timestamp_seconds',
      )
    expect(await times([])).toEqual([productionTime('uploaded', sunday), productionTime('verified', sunday)])
    const newer = { ...sampleRun.archives[0]!, startedAt: monday, trust: 'uploaded' as const }
    expect(await times([run('backup', monday, [], { archives: [newer] })])).toEqual([
      productionTime('uploaded', monday),
      productionTime('verified', sunday),
    ])
  })

  test('archives come from whichever run knows them, the newest of all', async () => {
    const [production] = sampleRun.archives
    const newer = { ...production!, startedAt: monday, trust: 'uploaded' as const, rawBytes: 7 }
    const backup = run('backup', monday, [], { archives: [newer] })
    const text = await prometheusText({ run: backup, earlier: [run('drill', sunday, [], { archives: [production!] })] })
    expect(seriesOf(text, 'raingauge_archive_raw_bytes')).toEqual([
      'raingauge_archive_raw_bytes{project="app",environment="production"} 7',
    ])
    expect(seriesOf(text, 'raingauge_archive_last_timestamp_seconds').map((line) => line.split(' ')[1])).toEqual([
      `${Date.parse(monday) / 1000}`,
      '1795313820',
      '1795313820',
    ])
  })
})

describe('the catalogue', () => {
  const metrics = Object.values<Metric>(METRICS)

  test('names each metric once, with the unit as suffix', () => {
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length)
    const suffix: Record<Metric['unit'], RegExp> = {
      info: /_info$/,
      seconds: /_duration_seconds$/,
      timestamp: /_timestamp_seconds$/,
      bytes: /_bytes$/,
      rows: /_rows$/,
      count: /_(?:problems|findings|applied|databases)$/,
      state: /_status$/,
    }
    for (const { name, unit } of metrics) expect(name).toMatch(suffix[unit])
  })

  test('uses no label that belongs to whoever scrapes', () => {
    expect(metrics.flatMap(({ labels }) => labels)).not.toEqual(expect.arrayContaining(['job']))
    expect(metrics.flatMap(({ labels }) => labels)).not.toEqual(expect.arrayContaining(['instance']))
  })
})
