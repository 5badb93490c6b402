// The bundles at work as Lambda would start them, on two real databases, one of them with rows: what each run takes.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FunctionJob } from '../lib/config/function-variables.ts'
import { stampOf } from '../lib/store/keys.ts'
import type { Target } from '../lib/postgres/target.ts'
import type { Asset } from '../scripts/bundle/build-assets.ts'
import { invoke } from '../test/support/bundled-function.ts'
import { startS3StandIn } from '../test/support/s3-stand-in.ts'
import type { Synthesized } from '../test/support/synthesized-stack.ts'
import { deployedFunction } from '../test/support/template-functions.ts'

/** One cold run. `metrics`: names of the series that CloudWatch would get. `rawBytes`: of the archive that it was about. */
export type Taken = {
  name: string
  job: FunctionJob
  seconds: number
  memoryMb: number
  peakMb: number
  s3Writes: number
  s3Reads: number
  logBytes: number
  metrics: string[]
  rawBytes: number
}

/** `fleet`: the function of the fleet, which has the bundle of the check. */
type Planned = { name: string; job: FunctionJob; fleet?: true; event: unknown }

/** In this order: each stands on what the one before left. `staging` has hardly a row. */
function planAt(now: Date): Planned[] {
  const of = (environment: string) => ({ slot: now.toISOString(), environment })
  return [
    { name: 'first check', job: 'check', event: {} },
    { name: 'backup, no rows', job: 'backup', event: of('staging') },
    { name: 'backup', job: 'backup', event: of('production') },
    { name: 'drill, no rows', job: 'drill', event: of('staging') },
    { name: 'drill', job: 'drill', event: of('production') },
    { name: 'prune', job: 'prune', event: of('production') },
    // As each hour has it: there are archives.
    { name: 'check', job: 'check', event: {} },
    ...sweepAt(now, 'first fleet'),
    ...sweepAt(new Date(now.getTime() + 3_600_000), 'fleet'),
  ]
}

/** As the state machine does it: lib/infra/fleet-definition.ts. */
function sweepAt(slot: Date, name: string): Planned[] {
  const [run, at] = [stampOf(slot), slot.toISOString()]
  const steps = {
    list: { step: 'list', input: { slot: at }, execution: run, startedAt: at },
    look: { step: 'look', run, batch: 0, from: 0 },
    tell: { step: 'tell', input: { run } },
  }
  return Object.entries(steps).map(([step, event]) => ({ name: `${name}, ${step}`, job: 'check', fleet: true, event }))
}

export type Deployed = {
  /** With a fleet whose list is `tenants.jsonl`, one batch of a server. */
  stack: Synthesized
  assets: Record<FunctionJob, Asset>
  /** By the name of their parameter. */
  databases: Record<string, Target>
}

/** Runs all that is planned. Throws what a run threw. */
export async function measureRuns({ stack, assets, databases }: Deployed): Promise<Taken[]> {
  const s3 = await startS3StandIn()
  const secrets = await serveSecrets(
    Object.fromEntries(Object.entries(databases).map(([id, each]) => [id, urlOf(each)])),
  )
  const taken: Taken[] = []
  try {
    const list = Array.from({ length: FLEET_SIZE }, (_, index) =>
      JSON.stringify({ name: `tenant ${index}`, database: 'production' }),
    )
    s3.bucket.put(
      FLEET_LIST,
      { body: Buffer.from(list.join('\n')), crc32: undefined },
      {},
      { ifNoneMatch: undefined, ifMatch: undefined },
    )
    for (const { name, job, fleet, event } of planAt(new Date())) {
      const target = deployedFunction(stack, fleet ? /^RaingaugeFleet/ : new RegExp(`${job}Job`), s3.bucketName)
      const variables = {
        ...target.variables,
        AWS_ENDPOINT_URL_SSM: secrets.url,
        AWS_ENDPOINT_URL_S3: s3.url,
      }
      const before = s3.calls.length
      const started = performance.now()
      const run = await invoke({ ...target, asset: assets[job].folder, variables }, { event, remainingMs: 900_000 })
      const seconds = (performance.now() - started) / 1000
      if (run.error !== undefined) throw new Error(`${name}: ${run.error.message}`)
      const operations = s3.calls.slice(before).map(({ operation }) => operation)
      const s3Reads = operations.filter((each) => /^(?:Get|Head)/.test(each)).length
      const deletes = operations.filter((each) => /^(?:Delete|Abort)/.test(each)).length
      taken.push({
        name,
        job,
        seconds,
        memoryMb: target.memoryMb,
        peakMb: run.peakBytes / 1e6,
        s3Reads,
        // Deleting costs nothing.
        s3Writes: operations.length - s3Reads - deletes,
        logBytes: Buffer.byteLength(run.output),
        metrics: seriesOf(run.log),
        rawBytes: Number(run.log.find((line) => RAW in line)?.[RAW] ?? 0),
      })
    }
  } finally {
    secrets.stop()
    await s3.stop()
  }
  return taken
}

/** So many one look takes at most: lib/job/fleet/sweep.ts. */
export const FLEET_SIZE = 100
/** Where the list of the fleet lies, of the project of the stack. */
const FLEET_LIST = 'fleet/shop/tenants.jsonl'

const RAW = 'raingauge_archive_raw_bytes'

type EmfLine = { _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] } }

/** CloudWatch User Guide, "Specification: Embedded metric format". */
function seriesOf(log: Record<string, unknown>[]): string[] {
  return log
    .filter((line): line is Record<string, unknown> & EmfLine => '_aws' in line)
    .flatMap((line) =>
      line._aws.CloudWatchMetrics.flatMap(({ Dimensions: [dimensions = []], Metrics: metrics }) =>
        metrics.map((metric) => [metric.Name, ...dimensions.map((each) => String(line[each]))].join(' ')),
      ),
    )
}

/** As the Parameter Store answers GetParameter. */
async function serveSecrets(values: Record<string, string>): Promise<{ url: string; stop: () => void }> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { Name: name } = JSON.parse(await text(request)) as { Name: string }
    const body = JSON.stringify({ Parameter: { Name: name, Type: 'SecureString', Value: values[name] } })
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(body)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() }
}

function urlOf({ host, port, user, database, password }: Target): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password.reveal())}`
  return `postgres://${user}${secret}@${encodeURIComponent(host)}:${port}/${database}?sslmode=disable`
}
