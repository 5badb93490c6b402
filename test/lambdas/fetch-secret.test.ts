import { beforeEach, expect, test, vi } from 'vitest'
import { fetchSecret } from '../../lambdas/fetch-secret.ts'
import { HANG, secretsStandIn } from '../support/secrets-stand-in.ts'

const MINUTE = 60_000

const secret = (id: string) => ({ kind: 'secrets-manager', id }) as const
const parameter = (id: string) => ({ kind: 'parameter', id }) as const

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example')
  return () => vi.unstubAllEnvs()
})

test('asks once in five minutes, then again, so that a rotated password arrives', async () => {
  const standIn = await secretsStandIn({ rotated: 'old' })
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', standIn.url)
  expect(await fetchSecret(secret('rotated'), 0)).toBe('old')
  standIn.secrets.set('rotated', 'new')
  expect(await fetchSecret(secret('rotated'), 4 * MINUTE)).toBe('old')
  expect(await fetchSecret(secret('rotated'), 6 * MINUTE)).toBe('new')
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
  await expect(fetchSecret(secret(id), 0)).rejects.toThrow(
    expect.objectContaining({ code: 'secret.unavailable', message: expect.stringMatching(message) as string }) as Error,
  )
  standIn.secrets.set(id, 'here after all')
  expect(await fetchSecret(secret(id), 1)).toBe('here after all')
})

// How many of the tries the service came to hear of before they were given up hangs on the machine.
test('a service that never answers is given up after three tries at the most', async () => {
  const standIn = await secretsStandIn({ stuck: HANG })
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', standIn.url)
  await expect(fetchSecret(secret('stuck'), 0, 400)).rejects.toThrow(/the secret stuck: TimeoutError/)
  expect(standIn.asked.length).toBeLessThanOrEqual(3)
  expect(new Set(standIn.asked)).toEqual(new Set(['stuck']))
})

test('a SecureString of the Parameter Store is decrypted, and is not taken for a secret of the same name', async () => {
  const standIn = await secretsStandIn({ '/app/url': 'postgres://here' })
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', standIn.url)
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', 'http://127.0.0.1:9')
  expect(await fetchSecret(parameter('/app/url'), 0)).toBe('postgres://here')
  expect(await fetchSecret(parameter('/app/url'), MINUTE)).toBe('postgres://here')
  expect(standIn.asked).toEqual(['/app/url'])
  await expect(fetchSecret(secret('/app/url'), 0)).rejects.toThrow(/the secret \/app\/url: /)
})

test.each([
  ['missing', undefined, /the parameter missing-p: ParameterNotFound/],
  ['denied', null, /the parameter denied-p: AccessDeniedException/],
  ['plain', 'plain:for all to read', /the parameter plain-p holds no text/],
  ['broken', 418, /the parameter broken-p: /],
] as const)('a parameter that is %s is told by its name', async (name, value, message) => {
  const id = `${name}-p`
  const standIn = await secretsStandIn(value === undefined ? {} : { [id]: value })
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', standIn.url)
  await expect(fetchSecret(parameter(id), 0)).rejects.toThrow(
    expect.objectContaining({ code: 'secret.unavailable', message: expect.stringMatching(message) as string }) as Error,
  )
})

test('a Parameter Store that never answers is given up after three tries at the most', async () => {
  const standIn = await secretsStandIn({ 'stuck-p': HANG })
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', standIn.url)
  await expect(fetchSecret(parameter('stuck-p'), 0, 20)).rejects.toThrow(/the parameter stuck-p: TimeoutError/)
  expect(standIn.asked.length).toBeLessThanOrEqual(3)
})
