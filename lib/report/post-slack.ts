// Posts to a Slack incoming webhook and makes sure that it arrived, without ever naming the address: whoever has it can post.
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { IncomingWebhook, IncomingWebhookHTTPError } from '@slack/webhook'
import { RaingaugeError, messageOf } from '../error.ts'
import { redactor, type Secret } from '../secret.ts'
import { printable, shorten } from './printable.ts'
import type { SlackMessage } from './slack.ts'

export type PostOptions = {
  /** For one try, the answer's body included. Default 10,000. */
  timeoutMs?: number
  fetch?: typeof globalThis.fetch
  /** How to wait when Slack asks for it. */
  wait?: (ms: number) => Promise<unknown>
  /** Before the first retry of a server fault; the next waits four times as long. Default 250. */
  retryDelayMs?: number
}

const TIMEOUT_MS = 10_000
/** Slack's own faults (5xx) and lost connections. */
const RETRIES = 2
const RETRY_DELAY_MS = 250
/** Slack asks for a second or two; who asks for more than this has closed the door for longer than a run can wait. */
const MOST_RETRY_AFTER_MS = 30_000
const MOST_RATE_LIMITED = 2

/**
 * Posts a message. Resolves only when Slack answered `ok`; throws `notification.failed` with the reason otherwise: a refused message,
 * a webhook that is gone, an answer that does not come. Server faults are tried three times, and a rate limit is waited out when it
 * is short. A delivery whose answer was lost is tried again too, so a message may come twice rather than never.
 */
export async function postSlack(webhook: Secret, message: SlackMessage, options: PostOptions = {}): Promise<void> {
  const { timeoutMs = TIMEOUT_MS, fetch = globalThis.fetch, wait = sleep, retryDelayMs = RETRY_DELAY_MS } = options
  const url = parseWebhook(webhook)
  let retryAfter: string | null = null
  const slack = new IncomingWebhook(url.href, {
    timeout: timeoutMs,
    retryConfig: { retries: RETRIES, minTimeout: retryDelayMs, factor: 4 },
    // The library's error drops the headers of the answer.
    fetch: async (...request) => {
      const answer = await fetch(...request)
      retryAfter = answer.headers.get('retry-after')
      return answer
    },
  })
  for (let limited = 0; ; limited++) {
    try {
      const { text } = await slack.send(message)
      if (text !== 'ok') throw refused(url, `Slack answered "${answerWords(text)}"`, BAD_MESSAGE)
      return
    } catch (error) {
      const waitMs = isRateLimit(error) && limited < MOST_RATE_LIMITED ? retryAfterMs(retryAfter) : null
      if (waitMs === null) throw explain(error, url, timeoutMs)
      await wait(waitMs)
    }
  }
}

const BAD_MESSAGE = 'the webhook works, the message was refused: report it with the words in quotes'
const BAD_URL = 'give the whole address that Slack shows for the incoming webhook'

function parseWebhook(webhook: Secret): URL {
  const url = URL.parse(webhook.reveal().trim())
  const isLocal = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url === null || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))) {
    throw new RaingaugeError('notification.failed', 'telling Slack: the webhook is not an https address', {
      remedy: BAD_URL,
    })
  }
  return url
}

function isRateLimit(error: unknown): boolean {
  return error instanceof IncomingWebhookHTTPError && error.statusCode === 429
}

/** Retry-After is in seconds (RFC 9110, 10.2.3; Slack never sends a date). null: not worth waiting for. */
function retryAfterMs(header: string | null): number | null {
  const seconds = header === null || header.trim() === '' ? 1 : Number(header)
  const ms = seconds * 1000
  return ms >= 0 && ms <= MOST_RETRY_AFTER_MS ? ms : null
}

function explain(error: unknown, url: URL, timeoutMs: number): RaingaugeError {
  if (error instanceof RaingaugeError) return error
  if (error instanceof IncomingWebhookHTTPError) {
    const words = `Slack answered ${error.statusCode} "${answerWords(error.body)}"`
    return refused(url, words, remedyFor(error.statusCode), error)
  }
  const root = rootOf(error)
  if (root instanceof Error && root.name === 'TimeoutError') {
    const remedy = 'check that this machine may reach hooks.slack.com, and the state of Slack'
    return refused(url, `no answer within ${timeoutMs / 1000} s`, remedy, error)
  }
  const words = messageOf(root)
  return refused(url, words, 'check network, proxy and the host of the webhook', error)
}

function remedyFor(status: number): string {
  if (status === 429) return 'Slack limits this webhook: wait, or use another one'
  if (status >= 500) return 'Slack is in trouble: the next run tries again'
  if (status === 400 || status === 413) return BAD_MESSAGE
  return 'the webhook was revoked or its channel is gone: make a new one in Slack and store it'
}

function answerWords(body: string): string {
  return shorten(printable(body.trim()), 80)
}

/** fetch wraps what happened, and the library wraps fetch. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error
}

/** A cause that holds the address anywhere is left out. */
function refused(url: URL, reason: string, remedy: string, cause?: unknown): RaingaugeError {
  const secrets = [url.href, url.pathname + url.search, ...url.pathname.split('/').slice(2), url.search.slice(1)]
  const clean = redactor(secrets.filter((part) => part !== '' && part !== '/'))
  const told = inspect(cause, { depth: 10 })
  return new RaingaugeError('notification.failed', `telling Slack: ${clean(reason)}`, {
    remedy,
    ...(clean(told) === told ? { cause } : {}),
  })
}
