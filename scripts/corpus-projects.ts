// Any folder of projects that nobody prepared: how each came to its database is found out, and its check must be clean.
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Platform } from '../lib/config/config.ts'
import { readFolder } from '../lib/ledger/read-folder.ts'
import { extensionsOf } from '../lib/schema/extensions-to-make.ts'
import { codeOf } from '../lib/postgres/classify-error.ts'
import type { Target } from '../lib/postgres/target.ts'
import { startEmbeddedServer, type EmbeddedServer } from '../lib/scratch/embedded-server.ts'
import { pgliteExtensions } from '../lib/scratch/pglite-extensions.ts'
import { PGLITE_MAJOR, startPGliteServer } from '../lib/scratch/pglite-server.ts'
import { findServerBinaries } from '../lib/scratch/server-binaries.ts'
import { Secret } from '../lib/secret.ts'
import { applyProject, type Way } from './corpus-apply.ts'
import { checkFromOutside, describeVerdict, timed } from './corpus-check.ts'

type Row = Record<
  'project' | 'migrations' | 'server' | 'built' | 'folder' | 'ledger' | 'schema' | 'replay' | 'again',
  string
>

/** What a migration leans on without making it, by what the server says is not there. */
const BROUGHT_BY: readonly [RegExp, string][] = [
  [/_trgm_ops|similarity/, 'pg_trgm'],
  [/uuid_generate_v/, 'uuid-ossp'],
  [/gen_salt|crypt\(|digest\(|gen_random_bytes/, 'pgcrypto'],
  [/"citext"/, 'citext'],
  [/access method "gist"/, 'btree_gist'],
  [/access method "gin"/, 'btree_gin'],
  [/"hstore"/, 'hstore'],
  [/unaccent/, 'unaccent'],
]

/** By what only its platform has: the roles that tell the platform, and that its policies name. */
const HOSTED: readonly [RegExp, Platform, string[]][] = [
  [/auth\.user_id|auth\.session|"neon_auth"/, 'neon', ['neon_superuser', 'authenticated', 'anonymous']],
  [
    /schema "(?:auth|storage|realtime)"|"(?:auth|storage)\.|auth\.|"supabase_realtime"/,
    'supabase',
    ['supabase_admin', 'anon', 'authenticated', 'service_role'],
  ],
]

/** Runs every project in the folder on every major and prints a table; false where one could not be built or is not clean, or there is none. */
export async function runProjects(folder: string, majors: readonly number[]): Promise<boolean> {
  const projects = (await Promise.all((await subfolders(folder)).map((name) => findMigrations(folder, name)))).flat()
  const rows: Row[] = []
  for (const major of majors) {
    const server = await startEmbeddedServer(findServerBinaries(major), { tcpPassword: new Secret('corpus') })
    try {
      for (const [index, project] of projects.entries()) rows.push(await runProject(project, server, `live_${index}`))
    } finally {
      await server.stop()
    }
  }
  process.stdout.write(table(rows))
  return rows.length > 0 && rows.every((row) => row.ledger === 'clean' && row.schema === 'clean')
}

async function runProject(project: Project, server: EmbeddedServer, database: string): Promise<Row> {
  const store = await mkdtemp(join(tmpdir(), 'raingauge-corpus-'))
  const { migrations, layout } = await readFolder(project.path)
  const { target, version, built, fault, stop } = await build(project.path, server, database)
  const row = { project: project.name, migrations: `${migrations.length} ${layout}`, server: version, built }
  try {
    if (fault) return { ...row, folder: '', ledger: 'not built', schema: 'not built', replay: '', again: '' }
    const first = await timed(() => checkFromOutside(project.path, target, store))
    const second = await timed(() => checkFromOutside(project.path, target, store))
    for (const verdict of first.value.verdicts) {
      if (verdict.status !== 'clean') process.stdout.write(`${project.name}\n${describeVerdict(verdict)}\n`)
    }
    const status = (check: string) => {
      const both = [first, second].map(({ value }) => value.verdicts.find((each) => each.check === check)?.status)
      return [...new Set(both)].join(', then ')
    }
    const judged = { folder: status('folder'), ledger: status('ledger'), schema: status('schema') }
    return { ...row, ...judged, replay: `${first.seconds} s`, again: `${second.seconds} s` }
  } finally {
    await stop()
    await rm(store, { recursive: true, force: true })
  }
}

type Live = { target: Target; version: string; stop(): Promise<void> }

type Plan = Way & { database: string; pglite: boolean }

/** Tries again with what the server said was missing, from nothing each time, until there is nothing new to try. */
async function build(
  folder: string,
  server: EmbeddedServer,
  database: string,
): Promise<Live & { built: string; fault: boolean }> {
  let plan: Plan = { extensions: [], roles: [], transaction: true, database, pglite: false }
  for (;;) {
    const live = plan.pglite ? await pglite(folder, plan) : await embedded(server, plan.database)
    try {
      await applyProject(folder, live.target, plan)
      const how = plan.transaction ? 'one transaction' : 'one by one'
      return { ...live, built: [how, ...plan.extensions, ...plan.roles].join(', '), fault: false }
    } catch (error) {
      const next = planAfter(plan, error)
      if (next === null) return { ...live, built: deepest(error).message.split('\n')[0] ?? '', fault: true }
      plan = next
      await live.stop()
    }
  }
}

async function embedded(server: EmbeddedServer, name: string): Promise<Live> {
  return { target: await server.createDatabase(name), version: server.version, stop: () => server.dropDatabase(name) }
}

/** For extensions that no packaged server has. */
async function pglite(folder: string, way: Way): Promise<Live> {
  const wanted = [...way.extensions, ...(await extensionsOf((await readFolder(folder)).migrations))]
  const live = await startPGliteServer([...pgliteExtensions(wanted)])
  return { ...live, version: `PGlite ${PGLITE_MAJOR}` }
}

function planAfter(plan: Plan, error: unknown): Plan | null {
  const { message } = deepest(error)
  const code = codeOf(deepest(error))
  // active_sql_transaction, unsafe_new_enum_value_usage (manual, appendix A).
  if (plan.transaction && (code === '25001' || code === '55P04')) return { ...plan, transaction: false }
  if (!plan.pglite && /^extension ".+" is not available$/.test(message)) return { ...plan, pglite: true }
  const database = /^database "(.+)" does not exist$/.exec(message)?.[1]
  if (database !== undefined && database !== plan.database) return { ...plan, database }
  const role = /^role "(.+)" does not exist$/.exec(message)?.[1]
  if (role !== undefined && !plan.roles.includes(role)) return { ...plan, roles: [...plan.roles, role] }
  const [, platform, roles = []] = HOSTED.find(([pattern]) => pattern.test(message)) ?? []
  // A schema auth may be of either; its functions tell which.
  if (platform !== undefined && plan.platform !== platform && plan.platform !== 'neon') {
    const others = plan.roles.filter((name) => !HOSTED.some(([, , hosted]) => hosted.includes(name)))
    return { ...plan, platform, roles: [...others, ...roles] }
  }
  const extension = BROUGHT_BY.find(([pattern]) => pattern.test(message))?.[1]
  if (extension === undefined || plan.extensions.includes(extension)) return null
  return { ...plan, extensions: [...plan.extensions, extension] }
}

/** Drizzle wraps what the server said. */
function deepest(error: unknown): Error {
  if (!(error instanceof Error)) throw error
  return error.cause instanceof Error ? deepest(error.cause) : error
}

type Project = { name: string; path: string }

/** The migrations folders of a project, wherever in it they are. */
async function findMigrations(folder: string, name: string): Promise<Project[]> {
  const path = join(folder, name)
  const inside = await subfolders(path)
  const isOne =
    existsSync(join(path, 'meta', '_journal.json')) ||
    inside.some((each) => /^\d{14}/.test(each) && existsSync(join(path, each, 'migration.sql')))
  if (isOne) return [{ name, path }]
  return (await Promise.all(inside.map((each) => findMigrations(folder, join(name, each))))).flat()
}

async function subfolders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true })
  return entries
    .filter((each) => each.isDirectory() && each.name !== 'node_modules' && !each.name.startsWith('.'))
    .map((each) => each.name)
    .toSorted()
}

function line(cells: string[]): string {
  return `| ${cells.join(' | ')} |\n`
}

function table(rows: readonly Row[]): string {
  const [first] = rows
  if (first === undefined) return 'no project was found\n'
  const heads = Object.keys(first) as (keyof Row)[]
  return [heads, heads.map(() => '---'), ...rows.map((row) => heads.map((head) => row[head]))].map(line).join('')
}
