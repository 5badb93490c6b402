// Executes a state machine as Step Functions would: just the parts of Amazon States Language that ours are made of, and refuses all else.
// Spec: states-language.net/spec.html; what it leaves open: Step Functions Developer Guide, "Distributed mode", "ItemReader", "ResultWriter".
import { randomUUID } from 'node:crypto'
import { setParts, resolvePath, resolveTemplate } from './state-paths.ts'

type Json = Record<string, unknown>

/** What the states call. A function that throws fails its task with the name of the error. */
export type Services = {
  invoke: (functionName: string, payload: unknown) => Promise<unknown>
  getObject: (bucket: string, key: string) => Promise<string>
  putObject: (bucket: string, key: string, body: string) => Promise<void>
}

export type Execution = {
  output: unknown
  /** The most children of a map that were at work at one time. */
  mostChildren: number
  /** Children that failed and were tolerated, by their error. */
  failedChildren: string[]
  /** Names of the states of the machine itself, in order. */
  passed: string[]
}

/** Service quotas: "Maximum input or output size for a task, state, or execution". */
const MOST_BYTES = 262_144

/** An error as States Language knows it. */
export class StateError extends Error {
  override readonly name: string
  constructor(name: string, cause: string) {
    super(cause)
    this.name = name
  }
}

/** Runs the definition to its end. Throws {@link StateError} for an execution that fails, and `Error` for what this does not interpret. */
export async function executeMachine(
  definition: Json,
  input: unknown,
  services: Services,
  { name = 'execution-1', startTime = '2026-11-22T09:00:00.000Z' } = {},
): Promise<Execution> {
  const seen: Execution = { output: undefined, mostChildren: 0, failedChildren: [], passed: [] }
  const context = { Execution: { Name: name, StartTime: startTime } }
  allow('the machine', definition, ['Comment', 'StartAt', 'TimeoutSeconds', 'States'])
  seen.output = await runStates(definition, input, { services, context, seen, passed: seen.passed })
  return seen
}

type World = { services: Services; context: Json; seen: Execution; passed: string[] }

async function runStates(machine: Json, input: unknown, world: World): Promise<unknown> {
  const states = machine['States'] as Record<string, Json>
  let name = machine['StartAt'] as string
  for (let data = copy(input); ;) {
    const state = states[name]
    if (state === undefined) throw new Error(`there is no state ${name}`)
    world.passed.push(name)
    const { output, next } = await runState(name, state, data, world)
    if (next === undefined) return output
    data = output
    name = next
  }
}

type Step = { output: unknown; next: string | undefined }

async function runState(name: string, state: Json, input: unknown, world: World): Promise<Step> {
  switch (state['Type']) {
    case 'Succeed':
      allow(name, state, ['Type'])
      return { output: input, next: undefined }
    case 'Choice':
      return { output: input, next: choose(name, state, input, world) }
    case 'Task':
      allow(name, state, [...COMMON, 'Resource', 'TimeoutSeconds', 'Parameters', 'ResultSelector', 'Retry'])
      return await caught(state, input, () => runTask(name, state, input, world))
    case 'Map':
      allow(name, state, [
        ...COMMON,
        'Label',
        'ItemReader',
        'MaxConcurrency',
        'ToleratedFailurePercentage',
        'ItemProcessor',
        'ResultWriter',
      ])
      return await caught(state, input, () => runMap(name, state, input, world))
    default:
      throw new Error(`${name}: a state of type ${String(state['Type'])} is not interpreted`)
  }
}

const COMMON = ['Type', 'Next', 'End', 'ResultPath', 'Catch']

async function caught(state: Json, input: unknown, work: () => Promise<unknown>): Promise<Step> {
  try {
    const output = setParts(input, state['ResultPath'], copy(await work()))
    return { output: bounded(output), next: state['End'] === true ? undefined : (state['Next'] as string) }
  } catch (error) {
    const catcher = ((state['Catch'] ?? []) as Json[]).find((each) => matches(each['ErrorEquals'] as string[], error))
    if (catcher === undefined || !(error instanceof StateError)) throw error
    const told = { Error: error.name, Cause: error.message }
    return { output: setParts(input, catcher['ResultPath'], told), next: catcher['Next'] as string }
  }
}

function choose(name: string, state: Json, input: unknown, { context }: World): string {
  allow(name, state, ['Type', 'Choices', 'Default'])
  for (const rule of state['Choices'] as Json[]) {
    allow(`${name}, a choice`, rule, ['Variable', 'BooleanEquals', 'Next'])
    if (resolvePath(rule['Variable'] as string, input, context) === rule['BooleanEquals']) return rule['Next'] as string
  }
  return state['Default'] as string
}

async function runTask(name: string, state: Json, input: unknown, world: World): Promise<unknown> {
  if (state['Resource'] !== 'arn:aws:states:::lambda:invoke') throw new Error(`${name}: ${String(state['Resource'])}`)
  const { services, context } = world
  const parameters = resolveTemplate(state['Parameters'], input, context) as { FunctionName: string; Payload: unknown }
  allow(`${name}, its parameters`, parameters, ['FunctionName', 'Payload'])
  const retriers = (state['Retry'] ?? []) as Json[]
  const tries = new Map<Json, number>()
  for (;;) {
    try {
      const payload = copy(await services.invoke(parameters.FunctionName, bounded(copy(parameters.Payload))))
      const result = { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: bounded(payload) }
      return state['ResultSelector'] === undefined ? result : resolveTemplate(state['ResultSelector'], result, context)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const failure = error instanceof StateError ? error : new StateError(error.name, error.message)
      const retrier = retriers.find((each) => matches(each['ErrorEquals'] as string[], failure))
      const count = retrier === undefined ? 0 : (tries.get(retrier) ?? 0)
      if (retrier === undefined || count >= ((retrier['MaxAttempts'] as number | undefined) ?? 3)) throw failure
      tries.set(retrier, count + 1)
    }
  }
}

async function runMap(name: string, state: Json, input: unknown, world: World): Promise<unknown> {
  const { services, context, seen } = world
  const processor = state['ItemProcessor'] as Json
  allow(`${name}, its processor`, processor, ['ProcessorConfig', 'StartAt', 'States'])
  const { Mode: mode, ExecutionType: type } = processor['ProcessorConfig'] as Json
  if (mode !== 'DISTRIBUTED' || type !== 'STANDARD') throw new Error(`${name}: only distributed standard maps`)
  const items = await readItems(name, state['ItemReader'] as Json, input, world)
  const results: { item: unknown; output?: unknown; error?: StateError }[] = []
  const waiting = [...items.entries()]
  let working = 0
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, item] = next
      working++
      seen.mostChildren = Math.max(seen.mostChildren, working)
      try {
        results[index] = { item, output: await runStates(processor, bounded(item), { ...world, passed: [] }) }
      } catch (error) {
        if (!(error instanceof StateError)) throw error
        results[index] = { item, error }
        seen.failedChildren.push(error.name)
      }
      working--
    }
  }
  const most = (state['MaxConcurrency'] as number | undefined) ?? 10_000
  await Promise.all(Array.from({ length: Math.min(most === 0 ? 10_000 : most, items.length) }, work))
  const writer = state['ResultWriter'] as Json
  allow(`${name}, its writer`, writer, ['Resource', 'Parameters'])
  const { Bucket: bucket, Prefix: prefix } = resolveTemplate(writer['Parameters'], input, context) as Record<
    string,
    string
  >
  const run = randomUUID()
  const write = async (file: string, body: unknown): Promise<string> => {
    await services.putObject(String(bucket), `${prefix}/${run}/${file}`, JSON.stringify(body))
    return `${prefix}/${run}/${file}`
  }
  const failed = results.filter(({ error }) => error !== undefined)
  if (failed.length > 0) {
    await write(
      'FAILED_0.json',
      failed.map(({ item, error }) => ({ Input: JSON.stringify(item), Error: error?.name, Cause: error?.message })),
    )
  }
  const key = await write('manifest.json', { DestinationBucket: bucket, MapRunArn: run, ResultFiles: {} })
  const share = items.length === 0 ? 0 : (100 * failed.length) / items.length
  if (share > ((state['ToleratedFailurePercentage'] as number | undefined) ?? 0)) {
    throw new StateError('States.ExceedToleratedFailureThreshold', `${failed.length} of ${items.length} failed`)
  }
  return { MapRunArn: run, ResultWriterDetails: { Bucket: bucket, Key: key } }
}

async function readItems(name: string, reader: Json, input: unknown, { services, context }: World): Promise<unknown[]> {
  allow(`${name}, its reader`, reader, ['Resource', 'ReaderConfig', 'Parameters'])
  const { InputType: type, ...more } = reader['ReaderConfig'] as Json
  if (reader['Resource'] !== 'arn:aws:states:::s3:getObject' || type !== 'JSON' || Object.keys(more).length > 0) {
    throw new Error(`${name}: only items of one JSON file in S3`)
  }
  const { Bucket: bucket, Key: key } = resolveTemplate(reader['Parameters'], input, context) as Record<string, string>
  const read = await services.getObject(String(bucket), String(key)).catch((error: unknown) => {
    throw new StateError('States.ItemReaderFailed', String(error))
  })
  const items: unknown = JSON.parse(read)
  if (!Array.isArray(items)) throw new StateError('States.ItemReaderFailed', 'the items are no array')
  return items
}

function matches(wanted: string[], error: unknown): boolean {
  if (!(error instanceof StateError)) return false
  // States.ALL catches no States.DataLimitExceeded: spec, "Fallback States".
  if (error.name === 'States.DataLimitExceeded') return wanted.includes(error.name)
  return wanted.includes('States.ALL') || wanted.includes(error.name)
}

function bounded<T>(data: T): T {
  if (Buffer.byteLength(JSON.stringify(data) ?? '') <= MOST_BYTES) return data
  throw new StateError('States.DataLimitExceeded', `more than ${MOST_BYTES} bytes`)
}

function copy(data: unknown): unknown {
  return data === undefined ? null : (JSON.parse(JSON.stringify(data)) as unknown)
}

function allow(what: string, given: object, fields: string[]): void {
  const strangers = Object.keys(given).filter((field) => !fields.includes(field))
  if (strangers.length > 0) throw new Error(`${what}: ${strangers.join(', ')} is not interpreted`)
}
