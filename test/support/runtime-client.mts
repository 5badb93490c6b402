// Runs inside the sandbox and does what the client of Lambda's Node runtime does: load the handler, then one event after the other.
// As aws-lambda-ric does it: github.com/aws/aws-lambda-nodejs-runtime-interface-client
import { request } from 'node:http'
import { inspect } from 'node:util'

type Reply = { headers: Record<string, string | string[] | undefined>; body: string }
type Handler = (event: unknown, context: unknown) => Promise<unknown>

const variables = process.env
const api = `http://${variables['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime`
const [file, name] = (variables['_HANDLER'] ?? '').split('.')

let current = 'init'

process.on('unhandledRejection', (reason) => void end(reason, 128))
process.on('uncaughtException', (error) => void end(error, 129))

try {
  await serve(await load())
} catch (error) {
  await end(error, 1)
}

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const { headers, body } = await call('GET', '/invocation/next')
    current = `invocation/${String(headers['lambda-runtime-aws-request-id'])}`
    variables['_X_AMZN_TRACE_ID'] = String(headers['lambda-runtime-trace-id'])
    try {
      const result = await handler(JSON.parse(body), contextOf(headers))
      mark()
      await call('POST', `/${current}/response`, JSON.stringify(result ?? null))
    } catch (error) {
      await fail(error)
    }
  }
}

async function load(): Promise<Handler> {
  const module = (await import(`${variables['LAMBDA_TASK_ROOT']}/${file}.mjs`)) as Record<string, unknown>
  const found = module[name ?? '']
  if (typeof found !== 'function') throw new Error(`${variables['_HANDLER']} is undefined or not exported`)
  if (found.length > 2) throw new Error('Runtime.CallbackHandlerDeprecated')
  return found as Handler
}

function contextOf(headers: Reply['headers']): Record<string, unknown> {
  const deadline = Number(headers['lambda-runtime-deadline-ms'])
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: variables['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: variables['AWS_LAMBDA_FUNCTION_VERSION'],
    memoryLimitInMB: variables['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: variables['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: variables['AWS_LAMBDA_LOG_STREAM_NAME'],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  }
}

/** Lambda gives the sandbox up. */
async function end(reason: unknown, status: number): Promise<void> {
  await fail(reason)
  // oxlint-disable-next-line unicorn/no-process-exit -- as the runtime does: nothing that still runs may go on
  process.exit(status)
}

/** Lambda logs what was thrown, cause and all. */
async function fail(reason: unknown): Promise<void> {
  process.stderr.write(`${inspect(reason)}\n`)
  const { name: errorType, message: errorMessage } = reason instanceof Error ? reason : new Error(String(reason))
  mark()
  await call('POST', `/${current}/error`, JSON.stringify({ errorType, errorMessage, trace: [] }))
}

/** As Lambda's own END line: what was printed before it is of this invocation. */
function mark(): void {
  process.stdout.write(`\nEND ${current}\n`)
}

async function call(method: string, path: string, body?: string): Promise<Reply> {
  return await new Promise((resolve, reject) => {
    const sent = request(`${api}${path}`, { method }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.once('end', () => resolve({ headers: response.headers, body: text }))
      response.once('error', reject)
    })
    sent.once('error', reject)
    sent.end(body)
  })
}
