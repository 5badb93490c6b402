// A fleet as the stack deploys it, but for AWS: the state machine of the template over the code of its function.
import { expect } from 'vitest'
import type { JobContext } from '../../lib/job/context.ts'
import type { Edge } from '../../lib/job/open-context.ts'
import { withScratch } from '../../lib/scratch/scratch.ts'
import { fleetStep } from '../../lambdas/fleet-step.ts'
import { parseFleetEvent } from '../../lambdas/parse-fleet-event.ts'
import { callsForLogs, callsToS3, callToSecret } from './aws-calls.ts'
import { watchRole, type WatchedRole } from './role.ts'
import type { TestS3 } from './s3.ts'
import { executeMachine, type Execution } from './state-machine.ts'
import { config, synthesize } from './synthesized-stack.ts'
import { ACCOUNT, deployedFunction, grantsOf, REGION } from './template-functions.ts'

export type DeployedFleet = {
  sweep: (hour: number) => Promise<Execution & { replays: number }>
  /** By whose role: of the machine, and of the function that does its steps. */
  roles: { machine: WatchedRole; steps: WatchedRole }
}

/** Sweeps by the machine of the template; what the role of who asks does not grant is refused. */
export function deployedFleet(
  context: JobContext,
  s3: TestS3,
  { list, way, perServer }: { list: string; way: string; perServer: number },
): DeployedFleet {
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
  const { bucketName } = s3.standIn
  const target = deployedFunction(stack, /FleetSteps(?!.*Role)/, bucketName)
  expect(JSON.stringify(substitutions['Function'])).toContain(target.id)
  const machine = watchRole(grantsOf(stack.resources(), resource?.Properties['RoleArn'], bucketName))
  const steps = watchRole(target.grants)
  steps.may(callsForLogs(target.logs))
  // The bucket of the caller is under a key of its own, or of S3.
  s3.standIn.authorize = (call) =>
    steps.may(callsToS3(call, bucketName, 'none').filter(({ action }) => !action.startsWith('kms:')))
  const asMachine = (action: string, arn: string): void => {
    expect({ action, arn, may: machine.may([{ action, resource: arn, context: {} }]) }).toMatchObject({ may: true })
  }
  const objectArn = (key: string): string => `arn:aws:s3:::${bucketName}/${key}`
  const { fleet } = written
  if (fleet === null) throw new Error('there is a fleet')
  const secrets: Record<string, string> = { 'app/list': list, 'app/way': way }
  const edge: Edge = {
    version: '0',
    fetchSecret: ({ id }: { id: string }) => {
      if (!steps.may([callToSecret(id, false)])) return Promise.reject(new Error(`may not read ${id}`))
      return Promise.resolve(secrets[id] ?? '')
    },
    makeS3: () => Promise.reject(new Error('there is a store')),
    signRdsToken: () => Promise.reject(new Error('nobody logs in so')),
    serverFolders: {},
    drizzleKit: undefined,
    now: context.now,
    signal: undefined,
    progress: () => {},
  }
  const sweep = async (hour: number): Promise<Execution & { replays: number }> => {
    const now = () => new Date(Date.UTC(2026, 10, 22, hour))
    let replays = 0
    const execution = await executeMachine(
      definition,
      { slot: now().toISOString() },
      {
        // Each as in a function of its own: nothing but the store is shared.
        invoke: async (_name, payload) => {
          asMachine('lambda:InvokeFunction', `arn:aws:lambda:${REGION}:${ACCOUNT}:function/${target.id}`)
          return await withScratch(async (scratch) =>
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
          )
        },
        getObject: (_bucket, key) => {
          asMachine('s3:GetObject', objectArn(key))
          const item = s3.standIn.bucket.objects.get(key)
          return item === undefined ? Promise.reject(new Error(`no ${key}`)) : Promise.resolve(item.body.toString())
        },
        putObject: (_bucket, key) => {
          asMachine('s3:PutObject', objectArn(key))
          return Promise.resolve()
        },
      },
      { name: `sweep-${hour}`, startTime: now().toISOString() },
    )
    return { ...execution, replays }
  }
  return { sweep, roles: { machine, steps } }
}
