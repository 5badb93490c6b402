import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { finding, unknown, verdict, type Verdict } from '../../lib/finding.ts'
import type { JobContext } from '../../lib/job/context.ts'
import { readLastRuns } from '../../lib/job/last-runs.ts'
import { readOpenIncidents } from '../../lib/job/open-incidents.ts'
import { tell } from '../../lib/job/tell.ts'
import { exitStatus, type Run } from '../../lib/run.ts'
import { Secret } from '../../lib/secret.ts'
import { stateKey } from '../../lib/store/keys.ts'
import { jobContext } from '../support/job-context.ts'
import { testFolder } from '../support/directory.ts'

const DRIFT = finding('production', 'schema.unexpected', {
  subject: { class: 'index', name: 'public.by_hand' },
  summary: 'index public.by_hand: in production, but in no migration',
})

function runOf(...verdicts: Verdict[]): Run {
  const startedAt = '2026-11-22T09:00:00.000Z'
  return {
    raingauge: '0',
    job: 'check',
    project: 'app',
    startedAt,
    durationMs: 1,
    verdicts,
    archives: [],
    ledgers: [],
    problems: [],
  }
}

const drifted = () => runOf(verdict('schema', 'production', 1, [DRIFT]))
const at = (context: JobContext, hours: number): JobContext => ({
  ...context,
  now: () => new Date(Date.parse('2026-11-22T09:00:00Z') + hours * 3_600_000),
})

/** A webhook that answers as it is told, and keeps what it was sent. */
async function slackSink(answer: (response: ServerResponse, count: number) => void) {
  const messages: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      messages.push(body)
      answer(response, messages.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { webhook: new Secret(`http://127.0.0.1:${port}/services/T000/B000/hunter22`), messages }
}

const down = () => Promise.reject(new Error('the store is down'))
const ok = (response: ServerResponse) => void response.end('ok')

test('what is new is told once, then only when the answer changes', async () => {
  const { webhook, messages } = await slackSink(ok)
  const context = jobContext('/nowhere', {}, { slackWebhook: webhook })
  const first = await tell(drifted(), context)
  expect(first.slack.posted).toBe(true)
  expect(messages[0]).toContain('public.by_hand')
  const second = await tell(drifted(), at(context, 1))
  expect(second.slack).toEqual({ message: null, posted: false })
  expect(second.since.get(DRIFT.id)).toEqual(context.now())
  expect(messages).toHaveLength(1)
  await tell(runOf(verdict('schema', 'production', 1, [])), at(context, 2))
  await tell(runOf(verdict('schema', 'production', 1, [])), at(context, 3))
  expect(messages).toHaveLength(2)
  expect(messages[1]).toMatch(/resolved/i)
})

test('without a webhook the message is there to be shown, and nothing is owed', async () => {
  const context = jobContext('/nowhere', {})
  const told = await tell(drifted(), context)
  expect(told.slack.message?.text).toContain('app')
  expect(exitStatus(told.run)).toBe(1)
  expect((await tell(drifted(), at(context, 1))).slack.message).toBeNull()
})

test.each([
  [
    'answers 200 with invalid_blocks',
    (response: ServerResponse) => void response.end('invalid_blocks'),
    /invalid_blocks/,
  ],
  ['answers 404', (response: ServerResponse) => void response.writeHead(404).end('no_service'), /404/],
])(
  'a Slack that %s is a problem of the run, named without the webhook, and the next run tells again',
  async (_, answer, words) => {
    let good = false
    const { webhook, messages } = await slackSink((response) => (good ? ok(response) : answer(response)))
    const context = jobContext('/nowhere', {}, { slackWebhook: webhook })
    const failed = await tell(drifted(), context)
    expect(failed.run.problems).toEqual([expect.stringMatching(words)])
    expect(exitStatus(failed.run)).toBe(2)
    expect(JSON.stringify(failed)).not.toContain('hunter22')
    expect(failed.run.verdicts).toEqual(drifted().verdicts)
    good = true
    const next = await tell(drifted(), at(context, 1))
    expect(next.slack.posted).toBe(true)
    expect(messages.at(-1)).toContain('public.by_hand')
    expect((await tell(drifted(), at(context, 2))).slack.message).toBeNull()
  },
)

test('incidents that cannot be read are put aside and said, and people are told anew', async () => {
  const context = jobContext('/nowhere', {})
  await context.store.put(stateKey('app', 'production'), '{ "half": ')
  const { run, slack } = await tell(drifted(), context)
  expect(run.problems).toEqual([expect.stringMatching(/could not be read and start anew.*corrupt/)])
  expect(JSON.stringify(slack.message)).toContain('public.by_hand')
})

test('a store that is down hinders neither the report nor the message', async () => {
  const { webhook, messages } = await slackSink(ok)
  const context = jobContext('/nowhere', {}, { slackWebhook: webhook })
  const { run } = await tell(drifted(), { ...context, store: { ...context.store, get: down, put: down } })
  expect(run.problems.join()).toContain('the store is down')
  expect(messages[0]).toContain('1 finding')
  expect(exitStatus(run)).toBe(2)
})

test('metrics hold what the last run of every job found out', async () => {
  const context = jobContext('/nowhere', {})
  await tell({ ...drifted(), job: 'drill', verdicts: [verdict('archive', 'production', 1, [])] }, context)
  const { metricsFile } = await tell(drifted(), at(context, 1))
  const text = readFileSync(metricsFile ?? '', 'utf8')
  expect(text).toContain(
    'raingauge_check_status{project="app",environment="production",check="archive",status="clean"} 1',
  )
  expect(text).toContain(
    'raingauge_findings{project="app",environment="production",check="schema",severity="warning"} 1',
  )
  const { runs } = await readLastRuns(context)
  expect(runs.map(({ job }) => job).toSorted()).toEqual(['check', 'drill'])
})

test('a run that was narrowed to one environment hides no other, until that environment is gone from the configuration', async () => {
  const environments = [{ name: 'production', target: () => Promise.reject(new Error('is not asked')) }]
  const context = jobContext('/nowhere', {}, { environments })
  const others = ['production', 'staging']
  for (const [index, to] of ['production', 'staging', 'removed'].entries()) {
    const run: Run = { ...drifted(), job: 'backup', environment: to, verdicts: [verdict('archive', to, 1, [])] }
    await tell(run, { ...at(context, index), narrowed: { to, others: [...others, 'removed'] } })
  }
  const { runs } = await readLastRuns({ ...context, narrowed: { to: 'production', others: ['staging'] } })
  expect(runs.map(({ environment }) => environment ?? '').toSorted()).toEqual(['production', 'staging'])
  const { metricsFile } = await tell(drifted(), {
    ...at(context, 5),
    narrowed: { to: 'production', others: ['staging'] },
  })
  const text = readFileSync(metricsFile ?? '', 'utf8')
  for (const environment of others)
    expect(text).toContain(`environment="${environment}",check="archive",status="clean"} 1`)
  expect(text).not.toContain('removed')
})

test('a metrics file that cannot be written is a problem with a name', async () => {
  const file = join(testFolder(), 'file')
  await writeFile(file, '')
  const { run, metricsFile } = await tell(
    drifted(),
    jobContext('/nowhere', {}, { metricsFile: join(file, 'metrics.prom') }),
  )
  expect(run.problems).toEqual([expect.stringContaining('metrics.prom')])
  expect(metricsFile).toBeNull()
})

test('open incidents can be asked for without a run, the folder included', async () => {
  const context = jobContext('/nowhere', {})
  await tell(runOf(verdict('schema', 'production', 1, [DRIFT]), unknown('folder', null, 1, 'no such folder')), context)
  const open = await readOpenIncidents(context.store, 'app', ['production'])
  expect(open.map(({ kind }) => kind).toSorted()).toEqual(['schema.unexpected', 'unknown'])
})
