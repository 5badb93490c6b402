// The bundles at work as Lambda would start them, on two real databases, one of them with rows: what each run takes.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FunctionJob } from '../lib/config/function-variables.ts'
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

type Planned = { name: string; job: FunctionJob; environment?: string }

/** In this order: each stands on what the one before left. `staging` has hardly a row. */
const PLAN: readonly Planned[] = [
  { name: 'first check', job: 'check' },
  { name: 'check', job: 'check' },
  { name: 'backup, no rows', job: 'backup', environment: 'staging' },
  { name: 'backup', job: 'backup', environment: 'production' },
  { name: 'drill, no rows', job: 'drill', environment: 'staging' },
  { name: 'drill', job: 'drill', environment: 'production' },
  { name: 'prune', job: 'prune', environment: 'production' },
]

export type Deployed = {
  stack: Synthesized
  assets: Record<FunctionJob, Asset>
  /** By the name of their secret. */
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
    for (const { name, job, environment } of PLAN) {
      const target = deployedFunction(stack, new RegExp(`${job}Job`), s3.bucketName)
      const variables = {
        ...target.variables,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
        AWS_ENDPOINT_URL_S3: s3.url,
      }
      const before = s3.calls.length
      const started = performance.now()
      const run = await invoke(
        { ...target, asset: assets[job].folder, variables },
        { event: { slot: new Date().toISOString(), environment }, remainingMs: 900_000 },
      )
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

/** As Secrets Manager answers GetSecretValue. */
async function serveSecrets(values: Record<string, string>): Promise<{ url: string; stop: () => void }> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { SecretId: id } = JSON.parse(await text(request)) as { SecretId: string }
    const body = JSON.stringify({ ARN: id, Name: id, SecretString: values[id] })
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
