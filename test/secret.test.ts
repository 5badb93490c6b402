import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { redactor, Secret } from '../lib/secret.ts'

test('a secret cannot be printed by any ordinary way', () => {
  const secret = new Secret('hunter22')
  const printed = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
    String(secret),
  ]
  expect(printed.join('\n')).not.toContain('hunter22')
  expect(secret.reveal()).toBe('hunter22')
})

test('the redactor blacks out values, plain and percent-encoded, and the password of any Postgres URL', () => {
  const redact = redactor(['p@ss:word', 'p@ss:word and more', 'ab'])
  expect(redact('x p@ss:word and more y p@ss:word z p%40ss%3Aword')).toBe('x *** y *** z ***')
  expect(redact('postgres://me:other@host/db and ab')).toBe('postgres://me:***@host/db and ab')
})
