import { beforeEach, expect, test, vi } from 'vitest'
import { fetchSecret } from '../../lambdas/fetch-secret.ts'
import { HANG, secretsStandIn } from '../support/secrets-stand-in.ts'

const MINUTE = 60_000

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example')
  return () => vi.unstubAllEnvs()
})

test('asks once in five minutes, then again, so that a rotated password arrives', async () => {
  const standIn = await secretsStandIn({ rotated: 'old' })
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', standIn.url)
  expect(await fetchSecret('rotated', 0)).toBe('old')
  standIn.secrets.set('rotated', 'new')
  expect(await fetchSecret('rotated', 4 * MINUTE)).toBe('old')
  expect(await fetchSecret('rotated', 6 * MINUTE)).toBe('new')
  expect(standIn.asked).toEqual(['rotated', 'rotated'])
})

test.each([
  ['missing', undefined, /the secret missing: ResourceNotFoundException/],
  ['denied', null, /the secret denied: AccessDeniedException/],
  ['empty', '', /the secret empty holds no text/],
  ['broken', 418, /the secret broken: /],
] as const)('a secret that is %s is told by its name, and not remembered', async (id, value, message) => {
  const standIn = await secretsStandIn(value === undefined ? {} : { [id]: value })
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', standIn.url)
  await expect(fetchSecret(id, 0)).rejects.toThrow(
    expect.objectContaining({ code: 'secret.unavailable', message: expect.stringMatching(message) as string }) as Error,
  )
  standIn.secrets.set(id, 'here after all')
  expect(await fetchSecret(id, 1)).toBe('here after all')
})

test('a service that never answers is given up', async () => {
  const standIn = await secretsStandIn({ stuck: HANG })
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', standIn.url)
  await expect(fetchSecret('stuck', 0, 20)).rejects.toThrow(/the secret stuck: TimeoutError/)
  expect(standIn.asked).toEqual(['stuck', 'stuck', 'stuck'])
})
