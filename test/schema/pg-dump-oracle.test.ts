import { describe, expect, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { objectKey } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { objectOf, type Difference } from '../../lib/schema/difference.ts'
import { OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { MUTATIONS } from './ddl-mutations.ts'
import { POOL_START, UNITS, type Unit } from './ddl-pool.ts'
import { dumpText } from './dump-text.ts'
import { seeded, shuffled, someOf } from './random-order.ts'
import { catalogAfter, catalogOf } from './support.ts'

/** One a major keeps `npm test` quick; more with RAINGAUGE_ORACLE_ROUNDS, and the same again with RAINGAUGE_ORACLE_SEED. */
const ROUNDS = Number(process.env.RAINGAUGE_ORACLE_ROUNDS ?? 1)
const SEED = Number(process.env.RAINGAUGE_ORACLE_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** Of the changes that are tried in a round. */
const SHARE = Number(process.env.RAINGAUGE_ORACLE_SHARE ?? 0.1)

/** Comes with the extension, whose words change with its version. */
const LEFT_OUT = new Set([`COMMENT ON EXTENSION hstore IS 'x'`])

const rounds = OLDEST_AND_NEWEST.flatMap((major) =>
  Array.from({ length: ROUNDS }, (_, index) => ({ major, seed: SEED + index })),
)

describe.each(rounds)('on Postgres $major, seed $seed', { timeout: 60_000 }, ({ major, seed }) => {
  const able = UNITS.filter(({ since = 0 }) => since <= major)

  // Both ways: where pg_dump sees the same, nothing is told, and where it sees another schema, something is.
  test('two orders of the same DDL', async () => {
    const random = seeded(seed)
    const units = someOf(able, 0.6, random)
    const [one, other] = [await made(major, shuffled(units, random)), await made(major, shuffled(units, random))]
    const told = diffCatalogs(await catalogOf(one), await catalogOf(other)).map(inWords)
    const [before, after] = [await dumpText(one), await dumpText(other)]
    const less = before.filter((each) => !after.includes(each))
    const more = after.filter((each) => !before.includes(each))
    const agreed = (told.length === 0) === (less.length + more.length === 0)
    expect(agreed ? [] : [told, less, more]).toEqual([])
  })

  test('one change that pg_dump prints', async () => {
    const target = await made(major, shuffled(able, seeded(seed)))
    const random = seeded(seed)
    const sample = MUTATIONS.filter((change) => random() < SHARE && !LEFT_OUT.has(change))
    const silent = await withClient(
      target,
      'testing',
      async (client) => {
        const base = await catalogAfter(client, '')
        const unseen: string[] = []
        for (const change of sample) {
          const changed = await catalogAfter(client, change)
          if (diffCatalogs(base, changed).length === 0) unseen.push(change)
        }
        return unseen
      },
      { pipeline: true },
    )
    expect(silent).toEqual([])
  })
})

function inWords(difference: Difference): string {
  const facts = difference.kind === 'changed' ? difference.attributes.join() : ''
  return `${difference.kind} ${objectKey(objectOf(difference))} ${facts}`
}

async function made(major: number, order: readonly Unit[]): Promise<Target> {
  const target = await testDatabase(major, POOL_START)
  await withClient(target, 'testing', async (client) => {
    for (const { name, sql } of order) {
      try {
        await client.query(sql)
      } catch (cause) {
        throw new Error(`${name} after ${order.map((each) => each.name).join(', ')}: ${String(cause)}`, { cause })
      }
    }
  })
  return target
}
