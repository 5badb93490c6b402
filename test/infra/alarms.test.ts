// When each alarm of the stack goes off, as CloudWatch would read it.
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Duration } from 'aws-cdk-lib'
import { describe, expect, test } from 'vitest'
import { ALARMS, DELIVERY_ALARMS, JOB_ALARMS, JOB_CONDITIONS } from '../../lib/config/alarms.ts'
import { CLOUDWATCH_METRICS } from '../../lib/config/cloudwatch-metrics.ts'
import { FLEET_ALARMS } from '../../lib/config/fleet-alarms.ts'
import { FUNCTION_JOBS } from '../../lib/config/function-variables.ts'
import { config, EXAMPLE, synthesize, type Resource, type Synthesized } from '../support/synthesized-stack.ts'

type Watched = {
  AlarmName: string
  AlarmDescription: string
  Namespace: string
  MetricName: string
  Dimensions: { Name: string; Value: unknown }[]
  Statistic: string
  Period: number
  EvaluationPeriods: number
  DatapointsToAlarm?: number
  Threshold: number
  ComparisonOperator: string
  TreatMissingData: string
  AlarmActions: unknown[]
  OKActions: unknown[]
}

const AT_LEAST_ONE = { Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', EvaluationPeriods: 1 }

/** By condition, what goes off; the duration's threshold is the job's own. */
const CONDITIONS = {
  failing: { MetricName: 'Errors', Statistic: 'Sum', ...AT_LEAST_ONE, TreatMissingData: 'ignore' },
  silent: {
    MetricName: 'Invocations',
    Statistic: 'Sum',
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  },
  'near-timeout': {
    MetricName: 'Duration',
    Statistic: 'Maximum',
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    TreatMissingData: 'ignore',
  },
  throttled: { MetricName: 'Throttles', Statistic: 'Sum', ...AT_LEAST_ONE, TreatMissingData: 'notBreaching' },
} as const

let another: Synthesized | undefined

/** A stack with everything said that the example leaves to defaults. */
function other(): Synthesized {
  const deploy = {
    runbooks: 'https://wiki.example.com/raingauge/',
    compute: 'fargate' as const,
    alarmChat: { workspace: 'T0123ABCD', channel: 'C0123ABCD' },
    schedules: {
      check: 'rate(6 hours)',
      backup: { staging: null },
      drill: { staging: null, production: null },
    },
  }
  const functionProps = { timeout: Duration.minutes(6) }
  const fleet = { databases: { file: 'tenants.jsonl' }, url: { secret: 'shop/fleet-url' } }
  return (another ??= synthesize(config({ archives: { staleAfterHours: 60 }, deploy, fleet }), { functionProps }))
}

function alarms(resources = synthesize().resources()): Watched[] {
  return resources
    .filter(({ Type: type }) => type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties: properties }) => properties as Watched)
}

function named(name: string, all = alarms()): Watched[] {
  return all.filter(({ AlarmName }) => AlarmName.startsWith(`${name}-`))
}

/** The function whose logical id has the job in it. */
function functionOf(job: string): Resource {
  const found = synthesize()
    .resources('AWS::Lambda::Function')
    .find(({ id }) => id.includes(`${job}Job`))
  if (found === undefined) throw new Error(`the template has no function for ${job}`)
  return found
}

describe('every alarm', () => {
  test('tells the topic when it begins and when it ends, and names a page that is there', () => {
    const topics = synthesize()
      .resources('AWS::SNS::Topic')
      .map(({ id }) => ({ Ref: id }))
    expect(topics).toHaveLength(1)
    for (const alarm of alarms()) {
      expect(alarm).toMatchObject({ AlarmActions: topics, OKActions: topics })
      const page = /\. Runbook: (?<page>\S+)$/.exec(alarm.AlarmDescription)?.groups?.['page']
      expect(page).toSatisfy(existsSync)
    }
  })

  test('has a name of its own, with project and stack in it', () => {
    const names = alarms().map(({ AlarmName }) => AlarmName)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/-shop-Raingauge-shop$/)
    expect(new Set(ALARMS.map(({ name }) => name)).size).toBe(ALARMS.length)
  })

  test('looks back no further than CloudWatch lets it: seven days, one day for periods under an hour', () => {
    for (const { Period, EvaluationPeriods } of alarms()) {
      expect(Period * EvaluationPeriods).toBeLessThanOrEqual(Period < 3600 ? 86_400 : 604_800)
      expect(Period % 60).toBe(0)
    }
  })

  test('is of the catalogue, and all of the catalogue is there', () => {
    const missing = ALARMS.filter(({ name }) => named(name).length === 0)
    expect(missing).toEqual([])
    expect(alarms()).toHaveLength(JOB_ALARMS.length + DELIVERY_ALARMS.length + config().environments.length)
  })

  test('points to the place where the runbooks are published', () => {
    const { resources } = other()
    for (const { AlarmDescription } of alarms(resources())) {
      expect(AlarmDescription).toMatch(/Runbook: https:\/\/wiki\.example\.com\/raingauge\/Raingauge\w+\.md$/)
    }
    const [dashboard] = resources('AWS::CloudWatch::Dashboard')
    expect(JSON.stringify(dashboard?.Properties)).toContain(
      '[RaingaugeDeadLetters](https://wiki.example.com/raingauge/RaingaugeDeadLetters.md)',
    )
  })
})

describe('the function of each job', () => {
  test.each(FUNCTION_JOBS)('%s: fails, is silent, runs out of time, is refused a start', (job) => {
    const { id, Properties: properties } = functionOf(job)
    const own = alarms().filter(({ Dimensions }) => JSON.stringify(Dimensions).includes(`"${id}"`))
    expect(own).toHaveLength(job === 'prune' ? 2 : JOB_CONDITIONS.length)
    for (const { name, condition } of JOB_ALARMS.filter((each) => each.job === job)) {
      const [alarm] = named(name, own)
      expect(alarm).toMatchObject({ Namespace: 'AWS/Lambda', ...CONDITIONS[condition] })
    }
    const [late] = own.filter(({ MetricName }) => MetricName === 'Duration')
    expect(late?.Threshold).toBe(job === 'prune' ? undefined : 0.8 * Number(properties['Timeout']) * 1000)
  })

  test('time runs out where a caller put the limit', () => {
    const limits = alarms(other().resources()).filter(({ MetricName }) => MetricName === 'Duration')
    // The check and the steps of the fleet: backups and drills are tasks there, and a prune makes up for it.
    expect(limits.map(({ Threshold }) => Threshold)).toEqual([0.8 * 360_000, 0.8 * 360_000])
  })

  test('one that is never started by itself is not called silent, and its archives not stale', () => {
    const all = alarms(other().resources())
    expect(named('RaingaugeDrillSilent', all)).toEqual([])
    expect(named('RaingaugeDrillFailing', all)).toHaveLength(1)
    expect(named('RaingaugeArchiveStale', all).map(({ AlarmName }) => AlarmName)).toEqual([
      'RaingaugeArchiveStale-production-shop-Raingauge-shop',
    ])
  })
})

describe('the way from the schedule to the job', () => {
  test('a dead letter, for as long as it lies there', () => {
    const [queue] = synthesize().resources('AWS::SQS::Queue')
    expect(named('RaingaugeDeadLetters')).toEqual([
      expect.objectContaining({
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue?.id, 'QueueName'] } }],
        Statistic: 'Maximum',
        ...AT_LEAST_ONE,
        TreatMissingData: 'ignore',
      }),
    ])
    // Longer than a holiday weekend, which the default of 4 days is not.
    expect(queue?.Properties['MessageRetentionPeriod']).toBe(14 * 86_400)
  })

  test('an error of the target, counted over the schedules of this stack alone', () => {
    const [group] = synthesize().resources('AWS::Scheduler::ScheduleGroup')
    expect(named('RaingaugeUndelivered')).toEqual([
      expect.objectContaining({
        Namespace: 'AWS/Scheduler',
        MetricName: 'TargetErrorCount',
        Statistic: 'Sum',
        ...AT_LEAST_ONE,
        TreatMissingData: 'notBreaching',
      }),
    ])
    const [alarm] = named('RaingaugeUndelivered')
    const { Name: name } = group?.Properties ?? {}
    expect(alarm?.Dimensions).toEqual([{ Name: 'ScheduleGroup', Value: name }])
    const { resources } = synthesize()
    const schedules = resources('AWS::Scheduler::Schedule')
    expect(new Set(schedules.map(({ Properties: each }) => each['GroupName']))).toEqual(new Set([name]))
    // By its name alone a schedule would not wait for its group; by its role, which names the group, it does.
    const roles = resources('AWS::IAM::Role').filter(({ Properties: each }) =>
      JSON.stringify(each['AssumeRolePolicyDocument']).includes(`"Fn::GetAtt":["${group?.id}","Arn"]`),
    )
    for (const { Properties: each } of schedules) {
      const { RoleArn: role } = each['Target'] as { RoleArn: { 'Fn::GetAtt': [string, string] } }
      expect(roles.map(({ id }) => id)).toContain(role['Fn::GetAtt'][0])
    }
  })
})

test('a stale archive: of every environment, by what checks saw, and by that they saw nothing', () => {
  expect(named('RaingaugeArchiveStale')).toEqual(
    ['staging', 'production'].map((environment) =>
      expect.objectContaining({
        Namespace: 'Raingauge',
        MetricName: CLOUDWATCH_METRICS.archiveAge.name,
        Dimensions: expect.arrayContaining([
          { Name: 'project', Value: 'shop' },
          { Name: 'environment', Value: environment },
        ]) as unknown,
        Statistic: 'Minimum',
        Period: 3600,
        // As long as the check may be silent, and every one of these hours must be bad or empty.
        EvaluationPeriods: 3,
        Threshold: 30 * 3600,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'breaching',
      }),
    ),
  )
  for (const { DatapointsToAlarm, EvaluationPeriods } of named('RaingaugeArchiveStale')) {
    expect(DatapointsToAlarm ?? EvaluationPeriods).toBe(EvaluationPeriods)
  }
  const [rare] = named('RaingaugeArchiveStale', alarms(other().resources()))
  expect(rare).toMatchObject({ Threshold: 60 * 3600, EvaluationPeriods: 8 })
})

describe('a Slack channel for the alarms', () => {
  test('is none unless it is asked for', () => {
    expect(synthesize().resources('AWS::Chatbot::SlackChannelConfiguration')).toEqual([])
  })

  test('shows what the topic says, and may ask for these alarms and nothing else', () => {
    const { resources } = other()
    const [topic] = resources('AWS::SNS::Topic')
    const [policy] = resources('AWS::IAM::ManagedPolicy')
    const [channel, ...others] = resources('AWS::Chatbot::SlackChannelConfiguration')
    expect(others).toEqual([])
    expect(channel?.Properties).toMatchObject({
      SlackWorkspaceId: 'T0123ABCD',
      SlackChannelId: 'C0123ABCD',
      SnsTopicArns: [{ Ref: topic?.id }],
      GuardrailPolicies: [{ Ref: policy?.id }],
    })
    expect(policy?.Properties['PolicyDocument']).toMatchObject({
      Statement: [{ Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: expect.anything() as unknown }],
    })
    expect(JSON.stringify(policy?.Properties['PolicyDocument'])).toContain(':alarm:Raingauge*-shop-Raingauge-shop')
    const roles = resources('AWS::IAM::Role').filter(({ Properties: each }) =>
      JSON.stringify(each['AssumeRolePolicyDocument']).includes('chatbot.amazonaws.com'),
    )
    expect(roles.map(({ Properties: each }) => [each['ManagedPolicyArns'], each['Policies']])).toEqual([
      [[{ Ref: policy?.id }], undefined],
    ])
    const inline = resources('AWS::IAM::Policy').filter(({ Properties: each }) =>
      JSON.stringify(each['Roles']).includes(roles[0]?.id ?? 'none'),
    )
    expect(inline).toEqual([])
  })
})

type Widget = {
  type: string
  properties: { title?: string; metrics?: unknown[][]; alarms?: unknown[]; query?: string }
}

/** With each reference in it as the text of that reference. */
function widgetsOf({ Properties: properties }: Resource): Widget[] {
  const { 'Fn::Join': join } = properties['DashboardBody'] as { 'Fn::Join': [string, unknown[]] }
  const texts = join[1].map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', "'")))
  return (JSON.parse(texts.join('')) as { widgets: Widget[] }).widgets
}

test('the dashboard shows jobs that are tasks, and the databases of a fleet with the pages of its alarms', () => {
  const widgets = other().resources('AWS::CloudWatch::Dashboard').flatMap(widgetsOf)
  const titles = widgets.flatMap(({ properties }) => properties.title ?? [])
  expect(titles.filter((title) => title.endsWith(': runs'))).toEqual([
    'check: runs',
    'prune: runs',
    'backup: runs',
    'drill: runs',
  ])
  const backups = widgets.find(({ properties }) => properties.title === 'backup: runs')?.properties.metrics
  expect(backups?.map(([, name, shown]) => [name, shown])).toEqual(
    ['SampleCount', 'Sum'].map((stat) => ['raingauge_task_failed_backup', expect.objectContaining({ stat })]),
  )
  expect(titles).toContain('Tasks that ended')
  const shown = widgets.find(({ properties }) => properties.title === 'Databases of the fleet')?.properties.metrics
  expect(shown?.map((metric) => metric.slice(1, 6).join(' '))).toEqual(
    ['clean', 'findings', 'unknown'].map((status) => `raingauge_fleet_databases project shop status ${status}`),
  )
  for (const { runbook } of FLEET_ALARMS) expect(JSON.stringify(widgets)).toContain(basename(runbook))
})

test('the dashboard can be left out, and nothing else goes with it', () => {
  const without = synthesize(config({ deploy: { ...EXAMPLE.deploy, dashboard: false } })).resources()
  const rest = synthesize().resources()
  expect(without.map(({ Type: type }) => type)).toEqual(
    rest.map(({ Type: type }) => type).filter((type) => type !== 'AWS::CloudWatch::Dashboard'),
  )
})

test('the dashboard shows every alarm, job, environment and page, within what CloudWatch gives away', () => {
  const { resources } = synthesize()
  const dashboards = resources('AWS::CloudWatch::Dashboard')
  expect(dashboards).toHaveLength(1)
  const widgets = dashboards.flatMap(widgetsOf)
  const shown = widgets.flatMap(({ properties }) => properties.alarms ?? [])
  expect(shown).toEqual(
    expect.arrayContaining(resources('AWS::CloudWatch::Alarm').map(({ id }) => `{'Fn::GetAtt':['${id}','Arn']}`)),
  )
  expect(shown).toHaveLength(alarms().length)
  const metrics = widgets.flatMap(({ properties }) => properties.metrics ?? [])
  const functions = resources('AWS::Lambda::Function').map(({ id }) => `{'Ref':'${id}'}`)
  expect(new Set(metrics.filter(([space]) => space === 'AWS/Lambda').map((metric) => metric[3]))).toEqual(
    new Set(functions),
  )
  const own = metrics
    .filter(([space]) => space === 'Raingauge')
    .map((metric) =>
      metric
        .filter((part) => typeof part === 'string')
        .slice(1, 6)
        .join(' '),
    )
  expect(own).toEqual([
    'raingauge_findings project shop',
    'raingauge_archive_age_seconds environment staging project shop',
    'raingauge_archive_age_seconds environment production project shop',
    'raingauge_archive_raw_bytes environment staging project shop',
    'raingauge_archive_stored_bytes environment staging project shop',
    'raingauge_archive_raw_bytes environment production project shop',
    'raingauge_archive_stored_bytes environment production project shop',
  ])
  // Three dashboards of up to 50 metrics cost nothing (CloudWatch pricing, free tier).
  expect(metrics.length).toBeLessThanOrEqual(50)
  const queryOf = (title: string): string | undefined =>
    widgets.find(({ type, properties }) => type === 'log' && properties.title === title)?.properties.query
  for (const { id } of resources('AWS::Logs::LogGroup')) expect(queryOf('What went wrong')).toContain(id)
  // As a check logs it: test/report/emf.test.ts.
  expect(queryOf('Findings by environment')).toContain('max(`findings_of.production`) as `production`')
  for (const { runbook } of ALARMS) expect(JSON.stringify(widgets)).toContain(runbook)
})
