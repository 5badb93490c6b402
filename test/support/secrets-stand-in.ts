// Answers the calls to Secrets Manager and to the Parameter Store that the functions make, as the services do (API References, "GetSecretValue" and "GetParameter").
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** `null`: denied. A number: that status, and nonsense. Of a parameter, `plain:…`: a String, which is no secret. */
export type StoredSecret = string | null | number | typeof HANG

/** Never answered. */
export const HANG = Symbol('hang')

export type SecretsStandIn = {
  /** For AWS_ENDPOINT_URL_SECRETS_MANAGER and AWS_ENDPOINT_URL_SSM. */
  url: string
  secrets: Map<string, StoredSecret>
  /** The ids that were asked for, in order. */
  asked: string[]
  /** Who may read which secret; default: everybody all. */
  authorize: (id: string, accessKey: string, isParameter: boolean) => boolean
}

/** Starts it for one test. */
export async function secretsStandIn(secrets: Record<string, StoredSecret>): Promise<SecretsStandIn> {
  const asked: string[] = []
  const known = new Map(Object.entries(secrets))
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isParameter = request.headers['x-amz-target'] === 'AmazonSSM.GetParameter'
    const asks = JSON.parse(await readBody(request)) as { SecretId: string; Name: string; WithDecryption?: boolean }
    const id = isParameter ? asks.Name : asks.SecretId
    asked.push(id)
    const accessKey = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const allowed = standIn.authorize(id, accessKey, isParameter)
    answer(id, allowed ? known : new Map([[id, null]]), response, isParameter ? asks : null)
  }
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const standIn: SecretsStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets: known,
    asked,
    authorize: () => true,
  }
  return standIn
}

function answer(
  id: string,
  secrets: SecretsStandIn['secrets'],
  response: ServerResponse,
  parameter: { WithDecryption?: boolean } | null,
): void {
  const value = secrets.get(id)
  if (value === HANG) return
  const reply = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
  }
  if (typeof value === 'number') response.writeHead(value).end('<html>oh dear')
  else if (value === undefined && parameter !== null) reply(400, { __type: 'ParameterNotFound' })
  else if (value === undefined) {
    reply(400, { __type: 'ResourceNotFoundException', Message: "Secrets Manager can't find the specified secret." })
  } else if (value === null)
    reply(400, { __type: 'AccessDeniedException', Message: 'no identity-based policy allows it' })
  else if (parameter !== null) {
    const plain = value.startsWith('plain:')
    const encrypted = parameter.WithDecryption === true ? value : 'AQICAHg…'
    reply(200, { Parameter: { Name: id, Type: plain ? 'String' : 'SecureString', Value: plain ? value : encrypted } })
  } else
    reply(200, { ARN: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${id}`, Name: id, SecretString: value })
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}
