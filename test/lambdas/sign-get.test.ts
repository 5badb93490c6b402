import { expect, test } from 'vitest'
import { signGet } from '../../lambdas/sign-get.ts'

test('a request is signed as the SDK signs it', () => {
  const credentials = {
    AccessKeyId: 'AKIDEXAMPLE',
    SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    Token: 'token/with+signs==',
  }
  const url = new URL('https://s3.eu-central-1.amazonaws.com/cdk-assets/0a1b2c.zip')
  const { headers } = signGet(url, credentials, 'eu-central-1', new Date('2026-11-22T20:00:00.000Z'))
  // What @smithy/signature-v4 5.7 makes of the same request at the same time.
  expect(headers.get('authorization')).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-central-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=d98cfb82b49745fd7a14b81876f80b012a2ab77db0138c981f886ea94f866dce',
  )
  expect(headers.get('x-amz-date')).toBe('20261122T200000Z')
  expect(headers.get('x-amz-security-token')).toBe(credentials.Token)
})
