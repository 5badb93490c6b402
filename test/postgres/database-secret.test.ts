import { expect, test } from 'vitest'
import { parseDatabaseSecret, parsePlace } from '../../lib/postgres/database-secret.ts'
import { secretsIn } from '../../lib/postgres/secrets-in.ts'
import { parseTarget } from '../../lib/postgres/target.ts'

const RDS = {
  engine: 'postgres',
  host: 'db.example.com',
  username: 'app',
  password: 'p@ss/word',
  dbname: 'shop',
  port: 5433,
}

test('a URL is what it always was', () => {
  const url = 'postgres://app:hunter22@db.example.com/app?sslmode=require'
  expect(parseDatabaseSecret(url)).toEqual(parseTarget(url))
})

test('the JSON that Secrets Manager writes for RDS is held to the certificate of the server', () => {
  const target = parseDatabaseSecret(JSON.stringify(RDS))
  expect(target).toMatchObject({
    host: 'db.example.com',
    port: 5433,
    database: 'shop',
    user: 'app',
    sslMode: 'verify-full',
  })
  expect(target.password?.reveal()).toBe('p@ss/word')
})

test('a port in quotes, no port, no database, no password, and a sslmode of its own', () => {
  expect(parseDatabaseSecret(JSON.stringify({ ...RDS, port: '6000' })).port).toBe(6000)
  const { host, username } = RDS
  expect(parseDatabaseSecret(JSON.stringify({ host, username, sslmode: 'require' }))).toMatchObject({
    port: 5432,
    database: 'postgres',
    password: undefined,
    sslMode: 'require',
  })
})

test('what RDS manages has a user and a password alone: the configuration says where that is', () => {
  const managed = JSON.stringify({ username: 'app', password: 'hunter22' })
  const target = parseDatabaseSecret(managed, parsePlace('db.example.com:5433/my%20shop'))
  expect(target).toMatchObject({ host: 'db.example.com', port: 5433, database: 'my shop', user: 'app' })
  expect(parseDatabaseSecret(managed, parsePlace('db.example.com'))).toMatchObject({ port: 5432, database: 'postgres' })
  expect(parseDatabaseSecret(JSON.stringify(RDS), parsePlace('other'))).toMatchObject({ host: 'db.example.com' })
  for (const wrong of ['', 'app:hunter22@db', 'db?sslmode=disable', 'a b']) {
    expect(() => parsePlace(wrong)).toThrow(/is no place of a database/)
  }
})

test.each([
  ['no host, as RDS manages it', { username: 'app', password: 'hunter22' }, /wrong "host": is missing/],
  ['no user', { host: 'h', password: 'hunter22' }, /wrong "username": is missing/],
  ['another engine', { ...RDS, engine: 'mysql', password: 'hunter22' }, /wrong "engine": is not of Postgres/],
  ['no number for a port', { ...RDS, port: 'hunter22' }, /wrong "port"/],
  ['no port', { ...RDS, port: 99_999 }, /wrong "port"/],
  ['an unknown sslmode', { ...RDS, sslmode: 'hunter22' }, /wrong "sslmode"/],
])('%s is told by its key, and nothing of it is repeated', (_, json, message) => {
  const parse = () => parseDatabaseSecret(JSON.stringify(json))
  expect(parse).toThrow(
    expect.objectContaining({ code: 'config.invalid', message: expect.stringMatching(message) as string }) as Error,
  )
  expect(parse).not.toThrow(/hunter22/)
})

test('broken JSON is told as that', () => {
  expect(() => parseDatabaseSecret('{"host": "hunter22"')).toThrow(/the JSON of the database is no JSON object/)
})

test('what must not be printed: the whole, and each password that may turn up alone', () => {
  expect(secretsIn(JSON.stringify(RDS))).toContain('p@ss/word')
  expect(secretsIn('postgres://app:p%40ss@h/d')).toEqual(['postgres://app:p%40ss@h/d', 'p%40ss', 'p@ss'])
  expect(secretsIn('postgres://app@h/d?password=hunter22')).toContain('hunter22')
  expect(secretsIn('postgres://app:50%off@h/d')).toContain('50%off')
  expect(secretsIn('https://hooks.slack.com/x')).toEqual(['https://hooks.slack.com/x'])
})
