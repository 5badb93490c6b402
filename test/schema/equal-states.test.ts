import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { schemaFindings } from '../../lib/schema/schema-findings.ts'
import { execute, OLDEST_AND_NEWEST, serverTarget } from '../support/database.ts'
import { EQUAL_STATES } from './equal-states.ts'
import { withKeptPlans } from './kept-plans.ts'
import { catalogAfter } from './support.ts'

const name = `equal_${randomBytes(6).toString('hex')}`
const clients = OLDEST_AND_NEWEST.map((major) => {
  const { host, port, user, password, database } = serverTarget(major, name)
  const client = new pg.Client({ host, port, user, password: password?.reveal(), database, pipeline: true })
  return { major, client, planned: withKeptPlans(client) }
})

beforeAll(async () => {
  for (const { major, client } of clients) {
    await execute(serverTarget(major), `CREATE DATABASE ${name} TEMPLATE template0 STRATEGY FILE_COPY`)
    await client.connect()
  }
})

afterAll(async () => {
  for (const { major, client } of clients) {
    await client.end()
    await execute(serverTarget(major), `DROP DATABASE ${name} WITH (FORCE)`)
  }
})

// Every way of every major against every other: 15 and 18, one and the other.
describe('the same state by another history', () => {
  test.each(EQUAL_STATES)('$name', async ({ one, other, since = 0 }) => {
    const able = clients.filter(({ major }) => major >= since)
    const catalogs: Catalog[] = []
    for (const { client, planned } of able) {
      catalogs.push(await catalogAfter(client, one, planned), await catalogAfter(client, other, planned))
    }
    expect(catalogs[0]?.objects.length).toBeGreaterThan(2)
    for (const [index, expected] of catalogs.entries()) {
      const told = catalogs.slice(index + 1).flatMap((actual) => schemaFindings('test', diffCatalogs(expected, actual)))
      expect(told.map(({ summary, expected: should, actual: is }) => ({ summary, should, is }))).toEqual([])
    }
  })
})
