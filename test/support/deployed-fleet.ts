// A fleet as the stack deploys it, but for AWS: the state machine of the template over the code of its function.
import { expect } from 'vitest'
import { FLEET_ACCESS, MACHINE_ACCESS } from '../../lib/infra/fleet-access.ts'
import type { JobContext } from '../../lib/job/context.ts'
import type { Edge } from '../../lib/job/open-context.ts'
import { withScratch } from '../../lib/scratch/scratch.ts'
import { fleetStep } from '../../lambdas/fleet-step.ts'
import { parseFleetEvent } from '../../lambdas/parse-fleet-event.ts'
import type { TestS3 } from './s3.ts'
import { executeMachine, type Execution } from './state-machine.ts'
import { mayDoWith } from './store-permissions.ts'
import { config, synthesize } from './synthesized-stack.ts'

/** Sweeps by the machine of the template; every call to the store must be one that the template allows. */
export function deployedFleet(
  context: JobContext,
  s3: TestS3,
  { list, way, perServer }: { list: string; way: string; perServer: number },
) {
  const written = config({
    project: 'app',
    store: `s3://${s3.standIn.bucketName}/raingauge`,
    fleet: {
      databases: { query: 'SELECT name, database FROM public.tenants', url: { secret: 'app/list' } },
      url: { secret: 'app/way' },
      perServer,
    },
  })
  const stack = synthesize(written)
  const [resource] = stack.resources('AWS::StepFunctions::StateMachine')
  const { DefinitionString: text, DefinitionSubstitutions: substitutions } = resource!.Properties as {
    DefinitionString: string
    DefinitionSubstitutions: Record<string, unknown>
  }
  const definition = JSON.parse(
    text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = substitutions[name]
      return typeof value === 'string' ? value : name
    }),
  ) as Record<string, unknown>
  const [target] = stack
    .resources('AWS::Lambda::Function')
    .filter(({ Properties: each }) => each['Handler'] === 'fleet.handler')
  expect(JSON.stringify(substitutions['Function'])).toContain(target?.id)
  const { fleet } = written
  if (fleet === null) throw new Error('there is a fleet')
  const secrets: Record<string, string> = { 'app/list': list, 'app/way': way }
  const edge: Edge = {
    version: '0',
    fetchSecret: ({ id }: { id: string }) => Promise.resolve(secrets[id] ?? ''),
    makeS3: () => Promise.reject(new Error('there is a store')),
    signRdsToken: () => Promise.reject(new Error('nobody logs in so')),
    serverFolders: {},
    drizzleKit: undefined,
    now: context.now,
    signal: undefined,
    progress: () => {},
  }
  return async (hour: number): Promise<Execution & { replays: number }> => {
    const now = () => new Date(Date.UTC(2026, 10, 22, hour))
    const since = s3.standIn.calls.length
    let replays = 0
    const execution = await executeMachine(
      definition,
      { slot: now().toISOString() },
      {
        // Each as in a function of its own: nothing but the store is shared.
        invoke: async (_name, payload) =>
          await withScratch(async (scratch) =>
            fleetStep(parseFleetEvent(payload), {
              fleet,
              edge,
              prefix: 'raingauge',
              context: {
                ...context,
                now,
                scratch: {
                  withDatabase: async (...request) => {
                    replays++
                    return await scratch.withDatabase(...request)
                  },
                },
              },
            }),
          ),
        getObject: (_bucket, key) => {
          expect(mayDoWith(MACHINE_ACCESS, 's3:GetObject', key.replace(/^raingauge\//, ''))).toBe(true)
          const item = s3.standIn.bucket.objects.get(key)
          return item === undefined ? Promise.reject(new Error(`no ${key}`)) : Promise.resolve(item.body.toString())
        },
        putObject: (_bucket, key) => {
          expect(mayDoWith(MACHINE_ACCESS, 's3:PutObject', key.replace(/^raingauge\//, ''))).toBe(true)
          return Promise.resolve()
        },
      },
      { name: `sweep-${hour}`, startTime: now().toISOString() },
    )
    const forbidden = s3.standIn.calls.slice(since).filter(({ operation, key }) => {
      if (operation === 'ListObjectsV2') return false
      return !mayDoWith(FLEET_ACCESS, `s3:${operation}`, key.replace(/^raingauge\//, ''))
    })
    expect(forbidden).toEqual([])
    return { ...execution, replays }
  }
}
