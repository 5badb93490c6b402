import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { ALERTS } from '../../grafana/alert-catalogue.ts'
import { dashboardJson } from '../../grafana/dashboard.ts'
import { rulesYaml } from '../../grafana/rules.ts'
import { ALARMS, JOB_ALARMS, JOB_CONDITIONS } from '../../lib/config/alarms.ts'
import { FLEET_ALARMS } from '../../lib/config/fleet-alarms.ts'
import { FUNCTION_JOBS } from '../../lib/config/function-variables.ts'
import { METRICS, type Metric } from '../../lib/report/metric-catalogue.ts'
import { prometheusText } from '../../lib/report/prometheus.ts'
import { sampleRun } from '../report/sample-run.ts'
import { hasPromtool, promtool } from '../support/promtool.ts'

const ROOT = join(import.meta.dirname, '../..')
const GRAFANA = join(ROOT, 'grafana')
const RUNBOOKS = join(ROOT, 'docs/runbooks')
const RULE_TESTS = ['prometheus-rules.test.yml', 'prometheus-rules-days.test.yml']
const CATALOGUE = new Map<string, Metric>(Object.values(METRICS).map((metric) => [metric.name, metric]))

function checkedIn(name: string): string {
  return readFileSync(join(GRAFANA, name), 'utf8')
}

/** Each metric that a text of PromQL names, with the labels that it selects by. */
function selectorsIn(text: string): { name: string; labels: string[] }[] {
  return [...text.matchAll(/(raingauge_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', matchers = '']) => ({
    name,
    labels: [...matchers.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => label),
  }))
}

function expectInCatalogue(text: string): void {
  const selectors = selectorsIn(text)
  expect(selectors.length).toBeGreaterThan(0)
  expect([...CATALOGUE.keys()]).toEqual(expect.arrayContaining(selectors.map(({ name }) => name)))
  for (const { name, labels } of selectors) {
    expect(['project', ...(CATALOGUE.get(name)?.labels ?? [])]).toEqual(expect.arrayContaining(labels))
  }
}

describe('what is checked in', () => {
  test('is what the code makes', () => {
    expect(checkedIn('dashboard.json')).toBe(dashboardJson())
    expect(checkedIn('prometheus-rules.yml')).toBe(rulesYaml('docs/runbooks'))
  })

  test('build.ts writes the same files; its --check passes on them and fails on others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'raingauge-grafana-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const build = (...args: string[]) =>
      spawnSync(process.execPath, [join(GRAFANA, 'build.ts'), '--out', folder, ...args], { encoding: 'utf8' })
    expect(build('--check')).toMatchObject({ status: 1, stderr: expect.stringContaining('dashboard.json') as string })
    expect(build().status).toBe(0)
    expect(build('--check')).toMatchObject({ status: 0, stderr: '' })
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([
      checkedIn('dashboard.json'),
      checkedIn('prometheus-rules.yml'),
    ])
    writeFileSync(join(folder, 'prometheus-rules.yml'), 'groups: []\n')
    expect(build('--check')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('prometheus-rules.yml') as string,
    })
    expect(build('--runbooks', 'https://wiki.example/runbooks/').status).toBe(0)
    expect(readFileSync(join(folder, 'prometheus-rules.yml'), 'utf8')).toContain(
      'runbook_url: https://wiki.example/runbooks/RaingaugeAbsent.md',
    )
  })
})

type Target = { expr: string; datasource: { uid: string } }
type Panel = {
  type: string
  title: string
  description?: string
  datasource?: { uid: string }
  targets?: Target[]
  fieldConfig?: { defaults: { unit?: string } }
  gridPos: { x: number; y: number; w: number; h: number }
}

describe('the dashboard', () => {
  const dashboard = JSON.parse(dashboardJson()) as {
    panels: Panel[]
    templating: { list: { name: string; type: string; query: unknown }[] }
  }
  const panels = dashboard.panels.filter(({ type }) => type !== 'row')

  test('shows what the playbook asks for, and more', () => {
    expect(panels.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Checks', 'Newest migration', 'Findings', 'Archive age', 'Archive size']),
    )
  })

  test.each(panels.map((panel) => [panel.title, panel] as const))('%s is described and has a unit', (title, panel) => {
    expect(title).not.toBe('')
    expect(panel.description?.length).toBeGreaterThan(20)
    expect(panel.fieldConfig?.defaults.unit).toBeTruthy()
  })

  test.each(panels.map((panel) => [panel.title, panel] as const))(
    '%s asks the data source that the reader chose, for metrics of the catalogue, of one project',
    (_title, panel) => {
      expect(panel.datasource?.uid).toBe('${datasource}')
      expect(panel.targets?.length).toBeGreaterThan(0)
      for (const { expr, datasource } of panel.targets ?? []) {
        expect(datasource.uid).toBe('${datasource}')
        expectInCatalogue(expr)
        for (const { labels } of selectorsIn(expr)) expect(labels).toContain('project')
      }
    },
  )

  test('every metric is on it, but for the one that only says how old a verdict is', () => {
    const shown = new Set(
      panels.flatMap(({ targets }) => targets ?? []).flatMap(({ expr }) => selectorsIn(expr).map(({ name }) => name)),
    )
    expect([...CATALOGUE.keys()].filter((name) => !shown.has(name))).toEqual([METRICS.checkTime.name])
  })

  test('lets the reader choose data source and project', () => {
    expect(dashboard.templating.list.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'datasource datasource',
      'project query',
    ])
    expectInCatalogue(JSON.stringify(dashboard.templating.list[1]?.query))
  })

  test('no panel lies on another, or beyond the 24 columns', () => {
    for (const [index, { gridPos: a, title }] of dashboard.panels.entries()) {
      expect(a.x + a.w).toBeLessThanOrEqual(24)
      const overlapping = dashboard.panels
        .slice(index + 1)
        .filter(({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
      expect(overlapping.map((other) => `${title} / ${other.title}`)).toEqual([])
    }
  })
})

describe('the alert rules', () => {
  const rules = (
    parse(checkedIn('prometheus-rules.yml')) as {
      groups: {
        rules: { alert: string; expr: string; labels: Record<string, string>; annotations: Record<string, string> }[]
      }[]
    }
  ).groups.flatMap((group) => group.rules)

  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s has what whoever is woken needs', (name, rule) => {
    expect(['critical', 'warning']).toContain(rule.labels['severity'])
    expect(rule.annotations).toEqual({
      summary: expect.stringMatching(/\.$/) as string,
      description: expect.stringMatching(/\S/) as string,
      runbook_url: `docs/runbooks/${name}.md`,
    })
    expectInCatalogue(rule.expr)
  })

  test('each name is there once', () => {
    expect(new Set(ALERTS.map(({ name }) => name)).size).toBe(ALERTS.length)
  })

  test('the unit tests only feed metrics and labels of the catalogue, and try every alert both ways', () => {
    type RuleTest = {
      input_series: { series: string }[]
      alert_rule_test: { alertname: string; exp_alerts: unknown[] }[]
    }
    const tests = RULE_TESTS.flatMap((name) => (parse(checkedIn(name)) as { tests: RuleTest[] }).tests)
    const inputs = tests.flatMap((each) => each.input_series.map(({ series }) => series))
    expectInCatalogue(inputs.map((series) => series.replace(/,?instance="\w+"/, '')).join('\n'))
    const tried = tests.flatMap((each) => each.alert_rule_test)
    const untried = ALERTS.filter(({ name }) => {
      const own = tried.filter(({ alertname }) => alertname === name)
      return !own.some((each) => each.exp_alerts.length > 0) || !own.some((each) => each.exp_alerts.length === 0)
    })
    expect(untried).toEqual([])
  })
})

describe('runbooks', () => {
  const pages = new Set([
    ...ALERTS.map(({ name }) => `docs/runbooks/${name}.md`),
    ...[...ALARMS, ...FLEET_ALARMS].map(({ runbook }) => runbook),
  ])
  const files = readdirSync(RUNBOOKS).filter((name) => name.endsWith('.md'))

  test('one for each alert and alarm, and no other', () => {
    expect(files.map((name) => `docs/runbooks/${name}`).toSorted()).toEqual([...pages].toSorted())
  })

  test.each(files)('%s says what it means, what it costs, how to look and what to do', (file) => {
    const text = readFileSync(join(RUNBOOKS, file), 'utf8')
    expect(text.startsWith(`# ${file.replace('.md', '')}\n`)).toBe(true)
    const parts = [...text.matchAll(/^## (.+)\n\n([^#]+)/gm)].map(([, title, body = '']) => [
      title,
      body.trim().length > 20,
    ])
    expect(parts).toEqual([
      ['Meaning', true],
      ['Impact', true],
      ['Diagnosis', true],
      ['Mitigation', true],
    ])
    for (const [, link = ''] of text.matchAll(/\]\(([^)]+)\)/g)) expect(files).toContain(link)
  })

  test('every job has an alarm for each condition, but a prune, which the next makes up for', () => {
    const each = FUNCTION_JOBS.flatMap((job) => JOB_CONDITIONS.map((condition) => `${job} ${condition}`)).filter(
      (alarm) => !['prune near-timeout', 'prune throttled'].includes(alarm),
    )
    expect(JOB_ALARMS.map(({ job, condition }) => `${job} ${condition}`)).toEqual(each)
  })
})

describe.runIf(hasPromtool())('promtool', () => {
  const folder = mkdtempSync(join(tmpdir(), 'raingauge-promtool-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('accepts the rules', () => {
    expect(promtool(['check', 'rules', '--lint-fatal', join(GRAFANA, 'prometheus-rules.yml')])).toContain(
      `${ALERTS.length} rules found`,
    )
  })

  test('sees each alert fire and rest when it should', () => {
    expect(promtool(['test', 'rules', ...RULE_TESTS.map((name) => join(GRAFANA, name))])).toContain('SUCCESS')
  })

  test('would see a rule that is wrong', () => {
    cpSync(join(GRAFANA, 'prometheus-rules.test.yml'), join(folder, 'prometheus-rules.test.yml'))
    const wrong = checkedIn('prometheus-rules.yml').replace(
      '(raingauge_migration_info)) > 1',
      '(raingauge_migration_info)) > 2',
    )
    expect(wrong).not.toBe(checkedIn('prometheus-rules.yml'))
    writeFileSync(join(folder, 'prometheus-rules.yml'), wrong)
    expect(() => promtool(['test', 'rules', join(folder, 'prometheus-rules.test.yml')])).toThrow('RaingaugeTagDiffers')
  })

  test('finds no fault with the metrics of a run', async () => {
    expect(promtool(['check', 'metrics'], await prometheusText({ run: sampleRun }))).toBe('')
  })
})
