import { expect, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { objectKey } from '../../lib/schema/catalog.ts'
import { diffCatalogs, objectOf } from '../../lib/schema/diff-catalogs.ts'
import { OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { POOL_START, UNITS, type Unit } from './ddl-pool.ts'
import { dumpText } from './dump-text.ts'
import { seeded, shuffled, someOf } from './random-order.ts'
import { catalogOf } from './support.ts'

/** Two a major keep `npm test` quick; more with RAINGAUGE_ORACLE_ROUNDS, and the same again with RAINGAUGE_ORACLE_SEED. */
const ROUNDS = Number(process.env.RAINGAUGE_ORACLE_ROUNDS ?? 2)
const SEED = Number(process.env.RAINGAUGE_ORACLE_SEED ?? Math.floor(Math.random() * 2 ** 31))

const rounds = OLDEST_AND_NEWEST.flatMap((major) =>
  Array.from({ length: ROUNDS }, (_, index) => ({ major, seed: SEED + index })),
)

// Both ways: where pg_dump sees the same, nothing is told, and where it sees another schema, something is.
test.each(rounds)(
  'on Postgres $major, two orders of the same DDL, seed $seed',
  { timeout: 60_000 },
  async ({ major, seed }) => {
    const random = seeded(seed)
    const able = UNITS.filter(({ since = 0 }) => since <= major)
    const units = someOf(able, 0.6, random)
    const [one, other] = [await made(major, shuffled(units, random)), await made(major, shuffled(units, random))]
    const differences = diffCatalogs(await catalogOf(one), await catalogOf(other))
    const [before, after] = [await dumpText(one), await dumpText(other)]
    const dumped = {
      less: before.filter((each) => !after.includes(each)),
      more: after.filter((each) => !before.includes(each)),
    }
    const told = differences.map(
      (each) => `${each.kind} ${objectKey(objectOf(each))} ${each.kind === 'changed' ? each.attributes.join() : ''}`,
    )
    if (differences.length === 0) expect(dumped).toEqual({ less: [], more: [] })
    else if (dumped.less.length + dumped.more.length === 0) expect(told).toEqual([])
  },
)

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
