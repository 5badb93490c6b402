import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { forDatabase, formatGlobals, parseGlobals } from '../../lib/archive/globals/globals-file.ts'
import { readGlobals } from '../../lib/archive/globals/read-globals.ts'
import { withSnapshot } from '../../lib/postgres/client.ts'
import { execute, MAJORS, OLDEST_AND_NEWEST, serverTarget, testDatabase, testRole } from '../support/database.ts'

/** Names that no other test has, and that need quoting. */
function names() {
  const unique = Math.random().toString(36).slice(2, 10)
  return {
    owner: `o "${unique}";\n-- raingauge: {"kind":"role","name":"x"}\n\\`,
    group: `group '${unique}`,
    login: `login ${unique}`,
    other: `other_${unique}`,
  }
}

async function dropRoles(major: (typeof MAJORS)[number], roles: string[]): Promise<void> {
  for (const role of roles) await execute(serverTarget(major), `DROP ROLE IF EXISTS ${pg.escapeIdentifier(role)}`)
}

test.each(MAJORS)(
  'PostgreSQL %i: roles, memberships and settings come back on a server without them',
  async (major) => {
    const { owner, group, login, other } = names()
    const q = pg.escapeIdentifier
    const target = await testDatabase(major)
    const here = q(target.database)
    const reader = await testRole(target, major)
    onTestFinished(() => dropRoles(major, [login, owner, group, other]))
    await execute(
      target,
      `CREATE ROLE ${q(owner)} NOLOGIN BYPASSRLS CREATEDB; CREATE ROLE ${q(group)} NOINHERIT; CREATE ROLE ${q(other)};
     CREATE ROLE ${q(login)} LOGIN PASSWORD 'a secret word' CONNECTION LIMIT 7 VALID UNTIL '2030-01-02 03:04:05+00';
     COMMENT ON ROLE ${q(login)} IS E'it''s the app\\n-- raingauge: {"kind":"role","name":"x"}\\nDROP ROLE x;';
     GRANT ${q(group)} TO ${q(login)} WITH ADMIN OPTION; GRANT pg_read_all_data TO ${q(login)}; GRANT ${q(owner)} TO ${q(group)};
     ALTER ROLE ${q(login)} SET search_path TO "$user", "odd ""name", public; ALTER ROLE ${q(login)} SET work_mem TO '7MB';
     ALTER ROLE ${q(login)} IN DATABASE ${here} SET app.note TO 'it''s = here'; ALTER DATABASE ${here} SET app.jwt_secret TO 'a secret word';
     ALTER DATABASE ${here} SET statement_timeout TO '5min'; CREATE SCHEMA s AUTHORIZATION ${q(owner)}`,
    )
    // Whoever may connect may read all of it.
    const file = formatGlobals(await withSnapshot(reader, 'testing', readGlobals))
    expect(file).not.toContain('a secret word')
    expect(file).not.toMatch(/PASSWORD |SCRAM-SHA-256|md5/)
    expect(file).toContain('Left out, since they look like secrets: app.jwt_secret.')
    const statements = parseGlobals(file).filter(({ kind }) => kind !== 'tablespace')
    const told = new Set(statements.map(({ name }) => name))
    for (const name of [owner, group, login, target.database]) expect(told).toContain(name)
    expect(told).not.toContain(other)
    // Nobody's words become a statement.
    expect(told).not.toContain('x')
    expect(file.match(/^DROP/m)).toBeNull()

    const before = await state()
    await execute(target, `DROP SCHEMA s; DROP OWNED BY ${q(login)}; DROP ROLE ${q(login)}; DROP ROLE ${q(group)}; DROP ROLE ${q(owner)}; ALTER DATABASE ${here} RESET ALL`) // prettier-ignore
    for (let round = 0; round < 2; round++) {
      await execute(target, statements.map(({ sql }) => sql).join(';\n'))
      expect(await state()).toEqual(before)
    }

    async function state() {
      return await execute(
        target,
        `SELECT rolname, to_jsonb(r) - 'oid' - 'rolconfig' AS attributes, shobj_description(r.oid, 'pg_authid') AS comment,
         ARRAY(SELECT roleid::regrole || ' ' || (to_jsonb(m) - 'oid' - 'roleid' - 'member' - 'grantor') FROM pg_auth_members m WHERE member = r.oid ORDER BY 1) AS roles,
         ARRAY(SELECT setdatabase || setconfig::text FROM pg_db_role_setting WHERE setrole = r.oid ORDER BY 1) AS settings,
         ARRAY(SELECT c FROM pg_db_role_setting, unnest(setconfig) c WHERE setrole = 0 AND c !~ 'secret' AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())) AS of_database
       FROM pg_roles r WHERE rolname IN (${[owner, group, login].map(pg.escapeLiteral).join(', ')}) ORDER BY 1`,
      )
    }
  },
)

test('a role that is there already is left as it is', async () => {
  const major = OLDEST_AND_NEWEST[1]
  const target = await testDatabase(major)
  const role = await testRole(target, major)
  await execute(target, `CREATE SCHEMA s AUTHORIZATION ${role.user}`)
  const statements = parseGlobals(formatGlobals(await withSnapshot(target, 'testing', readGlobals)))
  await execute(target, `ALTER ROLE ${role.user} CREATEDB NOLOGIN`)
  for (const { sql } of statements.filter(({ kind }) => kind === 'role')) await execute(target, sql)
  const [row] = await execute(target, `SELECT rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname = '${role.user}'`)
  expect(row).toEqual({ rolcreatedb: true, rolcanlogin: false })
})

test('settings move to a database of another name', () => {
  const setting = { kind: 'role-setting', name: 'a', sql: `ALTER ROLE "a"" IN DATABASE ""x" IN DATABASE "old" SET "work_mem" TO '"old"'` } as const // prettier-ignore
  expect(forDatabase(setting, 'new').sql).toBe(
    `ALTER ROLE "a"" IN DATABASE ""x" IN DATABASE "new" SET "work_mem" TO '"old"'`,
  )
  const database = { kind: 'database-setting', name: 'old', sql: `ALTER DATABASE "old" SET "x"."y" TO 'z'` } as const
  expect(forDatabase(database, 'n$&w')).toEqual({ ...database, name: 'n$&w', sql: `ALTER DATABASE "n$&w" SET "x"."y" TO 'z'` }) // prettier-ignore
  const everywhere = { kind: 'role-setting', name: 'a', sql: `ALTER ROLE "a" SET "work_mem" TO '1MB'` } as const
  expect(forDatabase(everywhere, 'new')).toEqual(everywhere)
})

test.each([
  ['', 'first line'],
  ['SELECT 1;', 'first line'],
  ['-- raingauge globals 1\n-- raingauge: {"kind":"role","name":"a"}\nDROP ROLE a', 'role'],
  ['-- raingauge globals 1\n-- raingauge: {"kind":"surprise","name":"a"}\nSELECT 1;\n', 'surprise'],
  ['-- raingauge globals 1\n-- raingauge: {"kind":\nSELECT 1;\n', 'kind'],
])('what is no globals.sql is refused: %j', (file, words) => {
  expect(() => parseGlobals(file)).toThrow(expect.objectContaining({ code: 'archive.corrupt', message: expect.stringContaining(words) })) // prettier-ignore
})
