// A sweep as it is deployed: the state machine of the synthesized template, over 200 real databases of which five are not as they should be.
import { expect, test } from 'vitest'
import { FLEET } from '../../../lib/config/fleet-config.ts'
import type { FleetStanding } from '../../../lib/job/fleet/documents.ts'
import type { IncidentState } from '../../../lib/incident/state.ts'
import { execute, targetUrl } from '../../support/database.ts'
import { deployedFleet } from '../../support/deployed-fleet.ts'
import { testFleet, turnstile, type TestFleet } from '../../support/fleet.ts'
import { jobContext } from '../../support/job-context.ts'
import { migrationsFolder } from '../../support/migrations-folder.ts'
import { testS3, type TestS3 } from '../../support/s3.ts'
import { TEST_PASSWORD } from '../../support/global-setup.ts'
import { answer, webhookSink } from '../../support/webhook-sink.ts'

const DATABASES = 200
const DRIFTED = 17
const AHEAD = 42
const GONE = 77
const NO_LEDGER = 99
const CLOSED = 123

const PER_SERVER = 3

/** Another row of the ledger, of a migration that nobody committed. */
const STRANGER = 1_800_000_000_000

async function plantFaults({ database }: TestFleet): Promise<void> {
  await execute(database(DRIFTED), 'CREATE INDEX hotfix_idx ON public.users (email)')
  const row = `(repeat('ab', 32), ${STRANGER})`
  await execute(database(AHEAD), `INSERT INTO public._drizzle_migrations (hash, created_at) VALUES ${row}`)
  await execute(database(1), `DROP DATABASE ${database(GONE).database}`)
  await execute(database(NO_LEDGER), 'DROP TABLE public._drizzle_migrations')
  await execute(database(CLOSED), `REVOKE CONNECT ON DATABASE ${database(CLOSED).database} FROM PUBLIC`)
}

async function mendFaults({ database, catalogue }: TestFleet): Promise<void> {
  await execute(database(DRIFTED), 'DROP INDEX public.hotfix_idx')
  await execute(database(AHEAD), `DELETE FROM public._drizzle_migrations WHERE created_at = ${STRANGER}`)
  await execute(database(CLOSED), `GRANT CONNECT ON DATABASE ${database(CLOSED).database} TO PUBLIC`)
  // Two are gone for good, and most of the others need not be looked at again for what follows.
  const left = [DRIFTED, AHEAD, CLOSED, 1, 2].map((index) => `'${database(index).database}'`)
  await execute(catalogue, `DELETE FROM public.tenants WHERE database NOT IN (${left.join(', ')})`)
}

test('tells exactly the five of 200 in one message, once, and that they are mended; no server has more guests than it may', async () => {
  const path = await migrationsFolder([
    { tag: '0000_users', sql: 'CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL)' },
    { tag: '0001_orders', sql: 'CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES users)' },
  ])
  const fleet = await testFleet(path, DATABASES)
  await plantFaults(fleet)
  const gate = await turnstile(fleet.watcher)
  const s3 = await testS3()
  const slack = await webhookSink(answer(200, 'ok'))
  const context = jobContext(path, {}, { store: s3.store, slackWebhook: slack.webhook, metricsFile: null })
  const through = targetUrl({ ...gate.target, database: 'DATABASE' }).replace(
    '/DATABASE',
    '/{database}?sslmode=disable',
  )
  const { sweep, roles } = deployedFleet(context, s3, {
    perServer: PER_SERVER,
    list: targetUrl({ ...fleet.watcher, database: fleet.catalogue.database }),
    way: through,
  })

  const first = await sweep(9)
  expect(first.passed).toEqual(['List', 'Is it ours?', 'Look at all', 'Tell'])
  expect(first.output).toEqual({
    fleet: {
      databases: DATABASES,
      clean: DATABASES - 5,
      findings: 2,
      unknown: 3,
      document: expect.stringMatching(/\/fleet\/app\/last\.json$/) as string,
    },
  })
  expect(first.mostChildren).toBe(PER_SERVER)
  expect(gate.most()).toBe(PER_SERVER)
  expect(first.replays).toBe(1)
  expect(slack.bodies).toHaveLength(1)
  const message = slack.bodies[0] ?? ''
  expect(message).toContain('app: 5 of 200 databases: 2 with findings, 3 could not be looked at')
  expect(message).toContain('public.hotfix_idx')
  for (const index of [DRIFTED, AHEAD, GONE, NO_LEDGER, CLOSED]) expect(message).toContain(`№${index} `)
  expect(message.match(/№\d+/g)).toHaveLength(5)
  expect(
    standing(s3)
      .outcomes.map(({ name }) => name)
      .toSorted(),
  ).toEqual([DRIFTED, AHEAD, GONE, NO_LEDGER, CLOSED].map(fleet.name).toSorted())
  expect(Object.keys(incidents(s3).incidents)).toHaveLength(5)

  gate.reset()
  expect((await sweep(10)).replays).toBe(0)
  expect(gate.most()).toBe(PER_SERVER)
  expect(slack.bodies).toHaveLength(1)

  await mendFaults(fleet)
  for (const hour of [11, 12]) await sweep(hour)
  expect(incidents(s3).incidents).toEqual({})
  expect(slack.bodies.slice(1).join()).toMatch(/4 resolved.*1 resolved/s)
  expect(slack.bodies.at(-1)).toContain('all 5 databases clean')

  const written = [...s3.standIn.bucket.objects].map(([key, { body }]) => `${key} ${body.toString()}`).join('\n')
  for (const text of [written, ...slack.bodies]) {
    expect(text).not.toContain(TEST_PASSWORD)
    expect(text).not.toContain('watch-only')
  }
  // One object for each batch and for the fleet, none for each database.
  const keys = [...s3.standIn.bucket.objects.keys()].filter((key) => /\/(?:state|fleet)\//.test(key))
  expect(keys.length).toBeLessThan(10)

  expect([...roles.machine.refused, ...roles.steps.refused]).toEqual([])
  const unused = Object.entries(roles).flatMap(([role, each]) => each.unused().map((grant) => `${role} ${grant}`))
  expect(unused.filter((grant) => !ASKED_ELSEWHERE.some(({ pattern }) => pattern.test(grant)))).toEqual([])
  expect(ASKED_ELSEWHERE.filter(({ pattern }) => !unused.some((grant) => pattern.test(grant)))).toEqual([])
}, 240_000)

/** What these sweeps do not ask for themselves, with its reason. */
const ASKED_ELSEWHERE: readonly { pattern: RegExp; reason: string }[] = [
  { pattern: /^machine s3:(?!PutObject).*\/map\/\*$/, reason: 'the ResultWriter of AWS, for results of many parts' },
  { pattern: /^machine logs:/, reason: 'Step Functions sets up the delivery of its log' },
  { pattern: /^machine states:/, reason: 'Step Functions starts, sees and stops the children of the map' },
  { pattern: /^steps secretsmanager:.*:secret:shop\/slack-/, reason: 'Slack is given here' },
  { pattern: /^steps s3:GetObject .*\/migrations\/\*$/, reason: 'nothing is published here' },
]

function standing(s3: TestS3): FleetStanding {
  return stored(s3, 'fleet/app/last.json') as FleetStanding
}

function incidents(s3: TestS3): IncidentState {
  return stored(s3, `state/app/${FLEET}.json`) as IncidentState
}

function stored({ standIn }: TestS3, key: string): unknown {
  return JSON.parse(standIn.bucket.objects.get(`raingauge/${key}`)?.body.toString() ?? 'null')
}
