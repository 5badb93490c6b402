import { expect, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { schemaFindings } from '../../lib/schema/schema-findings.ts'
import { execute, OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { ONE_OF_EVERYTHING } from './one-of-everything.ts'
import { catalogOf } from './support.ts'

// Everything else is proven in drift.test.ts, in transactions.
test.each(OLDEST_AND_NEWEST)(
  'on Postgres %i, what must not be in a transaction works as it is written',
  async (major) => {
    const target = await testDatabase(major, ONE_OF_EVERYTHING)
    const original = await catalogOf(target)
    await execute(
      target,
      `DROP INDEX app.users_mood_idx; CREATE INDEX users_mood_idx ON app.users (mood DESC); DROP INDEX app.sizes_team_idx;
     CREATE INDEX extra ON app.teams (name);
     UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = 'app.users_email_idx'::regclass`,
    )
    const findings = schemaFindings('production', diffCatalogs(original, await catalogOf(target)))
    expect(findings).toHaveLength(4)
    await withClient(target, 'testing', async (client) => {
      for (const { repair } of findings) {
        expect(repair?.hazards.join()).toContain('not in a transaction')
        expect(repair?.database).toContain('CONCURRENTLY')
        for (const statement of repair?.database?.split('\n') ?? []) await client.query(statement)
      }
    })
    expect(diffCatalogs(original, await catalogOf(target))).toEqual([])
  },
)
