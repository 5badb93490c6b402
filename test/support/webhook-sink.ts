// An HTTP server in Slack's place, which answers as it is told.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { Secret } from '../../lib/secret.ts'

const WEBHOOK_PATH = '/services/T0SECRET1/B0SECRET2/tokenSECRET3'

export type Sink = { webhook: Secret; bodies: string[]; requests: IncomingMessage[] }

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** Answers each request with the next answer, and the last one from then on; lives until the test ends. */
export async function webhookSink(...answers: Answer[]): Promise<Sink> {
  const bodies: string[] = []
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    const next = answers[Math.min(requests.length, answers.length - 1)]
    requests.push(request)
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      bodies.push(body)
      next?.(response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { webhook: new Secret(`http://127.0.0.1:${port}${WEBHOOK_PATH}`), bodies, requests }
}

export function answer(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(status, headers).end(body)
}

/** Never answers. */
export const silence: Answer = () => {}

/** Cuts the connection instead of answering. */
export const hangUp: Answer = (_response, request) => request.socket.destroy()

/** Begins an answer and never ends it. */
export const trickle: Answer = (response) => {
  response.writeHead(200)
  response.write('o')
}
