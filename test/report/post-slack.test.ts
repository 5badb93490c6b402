import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { describeError, type RaingaugeError } from '../../lib/error.ts'
import { postSlack, type PostOptions } from '../../lib/report/post-slack.ts'
import type { SlackMessage } from '../../lib/report/slack.ts'
import { Secret } from '../../lib/secret.ts'
import { answer, hangUp, silence, trickle, webhookSink, type Sink } from '../support/webhook-sink.ts'

const MESSAGE: SlackMessage = { text: 'hello & <bye>', blocks: [] }
const OK = answer(200, 'ok')

async function failure(webhook: Secret, options: PostOptions = {}): Promise<RaingaugeError> {
  const error = await postSlack(webhook, MESSAGE, { retryDelayMs: 1, ...options }).then(
    () => expect.unreachable('it was posted'),
    (thrown: unknown) => thrown as RaingaugeError,
  )
  expect(error).toMatchObject({ name: 'RaingaugeError', code: 'notification.failed' })
  expect(error.remedy).toBeTruthy()
  // Everything that anybody could print of it.
  const printed = [
    describeError(error),
    error.stack,
    inspect(error, { depth: 20, showHidden: true }),
    JSON.stringify(error),
  ]
  expect(printed.join('\n')).not.toMatch(/SECRET|\/services\//)
  return error
}

test('posts the message as it is, once', async () => {
  const sink = await webhookSink(OK)
  await postSlack(sink.webhook, MESSAGE)
  expect(sink.bodies.map((body) => JSON.parse(body) as unknown)).toEqual([MESSAGE])
  expect(sink.requests[0]?.headers['content-type']).toBe('application/json')
})

describe('what Slack refuses for good is tried once', () => {
  test.each([
    ['200 with invalid_blocks', 200, 'invalid_blocks', /Slack answered "invalid_blocks"/, /report it/],
    ['200 with a page of a proxy', 200, '<html>log in</html>', /Slack answered "<html>log in<\/html>"/, /report it/],
    ['200 with nothing', 200, '', /Slack answered ""/, /report it/],
    ['400', 400, 'invalid_payload', /Slack answered 400 "invalid_payload"/, /report it/],
    ['403', 403, 'action_prohibited', /Slack answered 403/, /make a new one/],
    ['404', 404, 'no_service', /Slack answered 404 "no_service"/, /make a new one/],
    ['410', 410, 'channel_is_archived', /Slack answered 410 "channel_is_archived"/, /make a new one/],
  ])('%s', async (_name, status, body, message, remedy) => {
    const sink = await webhookSink(answer(status, body))
    const error = await failure(sink.webhook)
    expect(error.message).toMatch(message)
    expect(error.remedy).toMatch(remedy)
    expect(sink.requests).toHaveLength(1)
  })

  test('a redirect, which could take the message elsewhere', async () => {
    const sink = await webhookSink(answer(302, '', { location: 'http://127.0.0.1:1/' }))
    expect((await failure(sink.webhook)).message).toMatch(/redirect/)
  })
})

describe('what may pass is tried again, within bounds', () => {
  test.each([
    ['500', answer(500, 'oops')],
    ['a cut connection', hangUp],
  ])('%s, then well', async (_name, trouble) => {
    const sink = await webhookSink(trouble, OK)
    await postSlack(sink.webhook, MESSAGE, { retryDelayMs: 1 })
    expect(sink.requests).toHaveLength(2)
  })

  test.each([
    ['500', answer(500, 'oops'), /Slack answered 500 "oops"/],
    ['a cut connection', hangUp, /other side closed|ECONNRESET|socket hang up/],
    ['silence', silence, /no answer within 0.2 s/],
    ['an answer that never ends', trickle, /no answer within 0.2 s/],
  ])('%s without end', async (_name, trouble, message) => {
    const sink = await webhookSink(trouble)
    const error = await failure(sink.webhook, { timeoutMs: 200 })
    expect(error.message).toMatch(message)
    expect(sink.requests).toHaveLength(3)
  })

  test('nobody listening', async () => {
    expect((await failure(new Secret('http://127.0.0.1:1/services/SECRET'))).message).toMatch(/ECONNREFUSED|bad port/)
  })

  test('no such host', async () => {
    const error = await failure(new Secret('https://hooks.slack.invalid/services/T0SECRET1'))
    expect(error.message).toMatch(/ENOTFOUND|EAI_AGAIN/)
  })
})

describe('a rate limit', () => {
  test('is waited out as long as Slack asks', async () => {
    const sink = await webhookSink(answer(429, 'rate_limited', { 'retry-after': '7' }), OK)
    const waits: number[] = []
    await postSlack(sink.webhook, MESSAGE, { wait: (ms) => Promise.resolve(waits.push(ms)) })
    expect(waits).toEqual([7000])
    expect(sink.requests).toHaveLength(2)
  })

  test.each([['3600'], ['-1'], ['Wed, 21 Oct 2026 07:28:00 GMT']])('of %s is not waited for', async (header) => {
    const sink = await webhookSink(answer(429, 'rate_limited', { 'retry-after': header }), OK)
    const error = await failure(sink.webhook)
    expect(error.message).toMatch(/429/)
    expect(error.remedy).toMatch(/limits this webhook/)
    expect(sink.requests).toHaveLength(1)
  })

  test('without end is given up', async () => {
    const sink = await webhookSink(answer(429, 'rate_limited', { 'retry-after': '0' }))
    await failure(sink.webhook)
    expect(sink.requests).toHaveLength(3)
  })
})

describe('the address is never told', () => {
  test.each([
    ['no URL', 'not-a-url-SECRET'],
    ['half a URL', '/services/T0SECRET1'],
    ['nothing', ''],
    ['another protocol', 'file:///services/SECRET'],
    ['plain HTTP to a host that is not this machine', 'http://hooks.slack.com/services/T0SECRET1'],
  ])('%s is refused before anything is sent', async (_name, url) => {
    expect((await failure(new Secret(url))).message).toBe('telling Slack: the webhook is not an https address')
  })

  test.each([
    ['in its answer', (sink: Sink) => `no such hook ${sink.webhook.reveal()}`],
    ['in part', () => 'B0SECRET2 is gone, so is tokenSECRET3'],
  ])('even if the other side repeats it %s', async (_name, words) => {
    const sinks: Sink[] = []
    const sink = await webhookSink((response) => response.writeHead(404).end(words(sinks[0]!)))
    sinks.push(sink)
    expect((await failure(sink.webhook)).message).toContain('***')
  })

  test('even if fetch puts it into its own message', async () => {
    const url = 'https://hooks.slack.com/services/T0SECRET1/B1'
    const fetch = () => Promise.reject(new TypeError(`Failed to parse URL from ${url}`))
    expect((await failure(new Secret(url), { fetch })).message).toBe('telling Slack: Failed to parse URL from ***')
  })
})
