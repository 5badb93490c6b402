// The Runtime API that Lambda gives a runtime client (Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes"), for one client.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const PREFIX = '/2018-06-01/runtime'
const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:111122223333:function:test'

/** How an invocation ended. */
export type Outcome = { requestId: string; error: { name: string; message: string } | undefined }

export type RuntimeApi = {
  /** For AWS_LAMBDA_RUNTIME_API: host and port. */
  address: string
  /** Hands the event to the client as soon as it asks for one. Rejects when the client says that it could not start. */
  invoke: (event: unknown, remainingMs: number) => Promise<Outcome>
  /** There will be no answer any more: whoever waits for one hears so. */
  abandon: (error: Error) => void
  stop: () => void
}

type Waiting = PromiseWithResolvers<Outcome> & { id: string; event: unknown; deadlineMs: number }

export async function startRuntimeApi(): Promise<RuntimeApi> {
  let waiting: Waiting | undefined
  let handed = false
  let asking: ServerResponse | undefined
  let broken: Error | undefined

  const hand = (): void => {
    if (asking === undefined || waiting === undefined || handed) return
    handed = true
    asking
      .writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': waiting.id,
        'lambda-runtime-deadline-ms': String(waiting.deadlineMs),
        'lambda-runtime-invoked-function-arn': FUNCTION_ARN,
        'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0',
      })
      .end(JSON.stringify(waiting.event))
    asking = undefined
  }

  const settle = (error: Outcome['error']): void => {
    waiting?.resolve({ requestId: waiting.id, error })
    waiting = undefined
    handed = false
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, id, end] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(pathOf(request)) ?? []
    if (request.method === 'GET' && pathOf(request) === '/invocation/next') {
      asking = response
      hand()
      return
    }
    const body = await readBody(request)
    if (pathOf(request) === '/init/error') {
      const { name, message } = errorOf(body)
      broken = new Error(`the function did not start: ${name}: ${message}`)
      waiting?.reject(broken)
    } else if (end === undefined || id !== waiting?.id) {
      response.writeHead(400).end(JSON.stringify({ errorType: 'InvalidRequestID' }))
      return
    } else settle(end === 'error' ? errorOf(body) : undefined)
    response.writeHead(202).end(JSON.stringify({ status: 'OK' }))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async invoke(event, remainingMs) {
      if (broken !== undefined) throw broken
      if (waiting !== undefined) throw new Error('Lambda hands one event at a time to a sandbox')
      const deadlineMs = Date.now() + remainingMs
      const mine: Waiting = { ...Promise.withResolvers<Outcome>(), id: randomUUID(), event, deadlineMs }
      waiting = mine
      hand()
      return await mine.promise
    },
    abandon(error) {
      broken ??= error
      waiting?.reject(broken)
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.startsWith(PREFIX) ? url.slice(PREFIX.length) : url
}

function errorOf(body: string): { name: string; message: string } {
  const { errorType, errorMessage } = JSON.parse(body) as { errorType: string; errorMessage: string }
  return { name: errorType, message: errorMessage }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}
