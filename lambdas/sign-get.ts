import { createHash, createHmac } from 'node:crypto'

/** As the container's credentials endpoint gives them. */
export type Credentials = { AccessKeyId: string; SecretAccessKey: string; Token: string }

/**
 * A signed request for one object of S3, by an address without a query (S3 API Reference, "Signature Calculations for the Authorization Header").
 * Our own, since the SDK does not fit on a command line.
 */
export function signGet(url: URL, credentials: Credentials, region: string, now: Date): Request {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const day = time.slice(0, 8)
  const payload = 'UNSIGNED-PAYLOAD'
  const headers = {
    host: url.host,
    'x-amz-content-sha256': payload,
    'x-amz-date': time,
    'x-amz-security-token': credentials.Token,
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const request = ['GET', url.pathname, '', lines.join(''), names, payload].join('\n')
  const scope = [day, region, 's3', 'aws4_request']
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), createHash('sha256').update(request).digest('hex')].join(
    '\n',
  )
  const signature = [...scope, text].reduce<string | Buffer>(mac, `AWS4${credentials.SecretAccessKey}`)
  const { host: _host, ...sent } = headers
  return new Request(url, {
    headers: {
      ...sent,
      authorization: `AWS4-HMAC-SHA256 Credential=${credentials.AccessKeyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=${(signature as Buffer).toString('hex')}`,
    },
  })
}

function mac(key: string | Buffer, word: string): Buffer {
  return createHmac('sha256', key).update(word).digest()
}
