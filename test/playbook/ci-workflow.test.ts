import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { execute, targetUrl, testDatabase } from '../support/database.ts'
import { projectCopy, runLine, type Outcome } from '../support/project-copy.ts'

type Step = { name?: string; run?: string; uses?: string; env?: Record<string, string>; with?: Record<string, unknown> }
type Workflow = { permissions: unknown; jobs: Record<string, { if?: string; steps: Step[]; env?: unknown }> }

const workflow = parse(await readFile('.github/workflows/ci.yml', 'utf8')) as Workflow
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)
const scripts = (JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts

const SCHEMA = 'src/server/db/models/Schema.ts'
const ENSURE = 'Ensure migrations are committed'
const DRIFT = 'Detect drift in staging and production'

test('every action is pinned to a commit, runs Node 24, and may only read', () => {
  for (const { uses } of steps) expect(uses ?? 'none').toMatch(/^(?:none|[\w-]+\/[\w-]+@[0-9a-f]{40})$/)
  const nodes = steps.flatMap(({ with: given }) => given?.['node-version'] ?? [])
  expect(new Set(nodes)).toEqual(new Set([24]))
  expect(workflow.permissions).toEqual({ contents: 'read' })
})

test('secrets go to no pull request, and to no step that installs', () => {
  const withSecrets = Object.entries(workflow.jobs).filter(([, job]) => JSON.stringify(job).includes('secrets.'))
  expect(withSecrets.map(([name, job]) => [name, job.if])).toEqual([['drift', "github.event_name != 'pull_request'"]])
  for (const job of Object.values(workflow.jobs)) expect(job.env).toBeUndefined()
  for (const { run, env } of steps) expect(run === 'npm ci' && env !== undefined).toBe(false)
})

test('every npm script that CI or another script runs is there', () => {
  const lines = [...steps.map(({ run = '' }) => run), ...Object.values(scripts)]
  const named = lines.flatMap((line) => [...line.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map((match) => match[1] ?? ''))
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named))
  expect(named).toEqual(expect.arrayContaining(['db:generate', 'db:check', 'db:migrate', 'ci:check', 'lint', 'types']))
})

test('the steps of the schema job succeed on what is committed, as does looking for drift without a secret', async () => {
  const folder = await committedCopy()
  // npm ci needs the network, and ci:check is lint, types and db:check: the first two are of the whole tree, and run in CI itself.
  const skipped = ['npm ci', 'npm run ci:check']
  const lines = (workflow.jobs.schema?.steps ?? []).flatMap(({ run }) =>
    run === undefined || skipped.includes(run) ? [] : [run],
  )
  expect(lines).toHaveLength(4)
  for (const line of lines) expect(await runLine(folder, line)).toMatchObject({ status: 0 })
  expect(await runLine(folder, 'git status --porcelain')).toMatchObject({ stdout: '' })
  const drift = await runStep(folder, DRIFT)
  expect(drift).toMatchObject({ status: 0, stdout: expect.stringContaining('drift is not looked for') })
})

test('a column without its migration stops CI, which shows the SQL that is missing', async () => {
  const folder = await committedCopy()
  await commitSchema(folder, "slug: text('slug').notNull(),", "slug: text('slug').notNull(), motto: text('motto'),")
  const check = await runLine(folder, 'npm run -s db:check')
  expect(check).toMatchObject({ status: 1, stdout: expect.stringContaining('ADD COLUMN "motto" text') })
  expect(await readdir(join(folder, 'migrations'))).toHaveLength(7)
  const ensure = await runStep(folder, ENSURE)
  expect(ensure).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('+ALTER TABLE "organizations" ADD COLUMN "motto" text;'),
  })
})

test('a rename without its migration, which drizzle-kit generate passes over in silence, stops CI all the same', async () => {
  const folder = await committedCopy()
  await commitSchema(folder, "text('display_name')", "text('shown_name')")
  expect(await runStep(folder, ENSURE)).toMatchObject({ status: 0 })
  const check = await runStep(folder, 'Check the migrations folder')
  expect(check).toMatchObject({ status: 2, stderr: expect.stringContaining('asks about renames') })
})

test('a folder that was tampered with does not pass db:check', async () => {
  const folder = await committedCopy()
  await writeFile(join(folder, 'migrations', '0006_forgotten.sql'), 'SELECT 1;')
  expect(await runLine(folder, 'npm run -s db:check')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('0006_forgotten'),
  })
})

test('with the secrets, the drift job finds what was changed by hand', async () => {
  const [folder, target] = [await projectCopy(), await testDatabase()]
  const url = targetUrl(target)
  expect(await runLine(folder, 'npm run -s db:migrate', { DATABASE_URL: url })).toMatchObject({ status: 0 })
  const look = async () => await runStep(folder, DRIFT, { DATABASE_URL_STAGING: url, DATABASE_URL_PROD: url })
  expect(await look()).toMatchObject({ status: 0 })
  await execute(target, 'CREATE INDEX by_hand ON users (locale)')
  expect(await look()).toMatchObject({ status: 1, stdout: expect.stringContaining('by_hand') })
})

async function committedCopy(): Promise<string> {
  const folder = await projectCopy()
  await commit(folder)
  return folder
}

async function commit(folder: string): Promise<void> {
  const line = 'git init -q && git add . && git -c user.name=t -c user.email=t@t.invalid commit -qm committed'
  expect(await runLine(folder, line)).toMatchObject({ status: 0 })
}

async function runStep(folder: string, name: string, env?: Record<string, string>): Promise<Outcome> {
  return await runLine(folder, steps.find((step) => step.name === name)?.run ?? 'exit 99', env)
}

/** As somebody would who forgets to generate. */
async function commitSchema(folder: string, from: string, to: string): Promise<void> {
  const text = await readFile(SCHEMA, 'utf8')
  expect(text).toContain(from)
  await writeFile(join(folder, SCHEMA), text.replace(from, to))
  await commit(folder)
}
