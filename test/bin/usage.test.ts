import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseCommandLine } from '../../bin/command-line.ts'
import { COMMANDS } from '../../bin/command-table.ts'
import { helpPage } from '../../bin/help-page.ts'
import { raingauge } from '../support/command-line.ts'
import { testFolder } from '../support/directory.ts'

test('help goes to stdout and names every command', async () => {
  const { status, stdout } = await raingauge(['help'])
  expect(status).toBe(0)
  for (const command of Object.keys(COMMANDS)) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
})

test('the page of a command has the options that it knows, and no other', () => {
  expect(parseCommandLine(['backup', '--help'])).toEqual({ command: 'help', of: 'backup' })
  expect(parseCommandLine(['help', 'backup'])).toEqual({ command: 'help', of: 'backup' })
  const page = helpPage('backup')
  expect(page).toMatch(/^usage: raingauge backup ENV \[options\]$/m)
  expect(page).toMatch(/^ {2}--slot TIME /m)
  expect(page).toMatch(/^ {2}--store WHERE /m)
  expect(page).not.toContain('--dry-run')
})

test('help loads no package, and a comparison of databases nothing that reads configurations', async () => {
  const help = await raingauge(['help'], { env: { NODE_OPTIONS: `--import=${refuse(/node_modules/)}` } })
  expect(help).toMatchObject({ status: 0, stderr: '' })
  const env = { NODE_OPTIONS: `--import=${refuse(/zod|prom-client|webhook/)}` }
  expect(await raingauge(['compare', 'nowhere', 'nowhere'], { env })).toMatchObject({ status: 64 })
  // The hook works: a command that reads a configuration loads what parses it.
  expect((await raingauge(['status'], { env })).stderr).toContain('loaded')
})

test.each([
  [['nonsense'], 'there is no command'],
  [['check', '--nonsense'], 'nonsense'],
  [['compare', 'nowhere', 'postgres://u@h/d'], 'neither a migrations folder nor a database URL'],
])('%j is wrong usage: one line on stderr, exit status 64', async (words, explanation) => {
  const { status, stdout, stderr } = await raingauge(words)
  expect(stderr).toContain(explanation)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stdout).toBe('')
  expect(status).toBe(64)
})

test.each([
  [['backup'], 'backup takes ENV, and was given 0 arguments'],
  [['help', 'nonsense'], 'there is no command'],
  [['compare', 'postgres://u:hunter22@h/d'], /^compare takes A and B, and was given 1 argument$/],
  [['check', 'extra'], 'check takes no argument'],
  [['restore', 'x'], 'needs --to'],
  [['check', '--only', 'a'], '--only belongs to compare'],
  [['backup', 'x', '--sql'], '--sql belongs to compare and check'],
  [['backup', 'x', '--identity', 'key'], '--identity belongs to run, drill, verify and restore'],
  [['backup', 'x', '--dry-run'], '--dry-run belongs to prune'],
  [['check', '--slot', '2026-01-02T03:00:00Z'], '--slot belongs to backup and run'],
  [['backup', 'x', '--slot', 'tonight'], '--slot takes a time'],
  [['check', '--sql', '--json'], 'two forms of the same'],
])('%j is wrong usage', (words, explanation) => {
  expect(() => parseCommandLine(words)).toThrow(explanation)
})

test('bad configuration is exit status 78, every fault on a line of its own, no password in any', async () => {
  const words = [
    'check',
    '--env',
    'Staging=postgres://u:hunter22@h/d',
    '--env',
    'b=mysql://u:hunter22@h/d',
    '--ledger',
    'x',
  ]
  const { status, stdout, stderr } = await raingauge(words)
  expect(stderr.trim().split('\n')).toHaveLength(3)
  expect(stdout + stderr).not.toContain('hunter22')
  expect(status).toBe(78)
})

test('a command that needs a database says so when none is configured', async () => {
  const { status, stderr } = await raingauge(['backup', 'production'])
  expect(stderr).toContain('no database is configured')
  expect(status).toBe(78)
})

test('an archive that cannot be meant is told without a configuration, and so is a --to that is no URL', async () => {
  const [lost, aimless] = await Promise.all([
    raingauge(['verify', 'nowhere.dump']),
    raingauge(['restore', 'nowhere.dump', '--to', 'hunter22']),
  ])
  expect(lost).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^raingauge: there is no file nowhere\.dump, and /),
  })
  expect(aimless).toMatchObject({
    status: 64,
    stderr: expect.stringMatching(/^raingauge: --to: the database URL is not /),
  })
  expect(aimless?.stderr).not.toContain('hunter22')
})

test('init writes a configuration once, for where drizzle-kit writes, and it can be loaded', async () => {
  const cwd = testFolder()
  writeFileSync(
    join(cwd, 'drizzle.config.ts'),
    `export default {\n  dialect: 'postgresql',\n  out: './src/db/drizzle',\n}`,
  )
  expect((await raingauge(['init'], { cwd })).status).toBe(0)
  expect(readFileSync(join(cwd, 'raingauge.config.mts'), 'utf8')).toContain(`migrations: './src/db/drizzle',`)
  expect((await raingauge(['status'], { cwd })).stderr).toContain('DATABASE_URL_STAGING')
  const again = await raingauge(['init'], { cwd })
  expect(again.stderr).toContain('is there already')
  expect(again.status).toBe(64)
})

test('beside CommonJS the configuration is found as a module, and one that cannot be is told its name', async () => {
  const cwd = testFolder()
  const file = join(cwd, 'raingauge.config.ts')
  writeFileSync(join(cwd, 'package.json'), '{ "type": "commonjs" }')
  writeFileSync(file, "export default { project: 'Bad', environments: [] }")
  const lost = await raingauge(['status'], { cwd })
  expect(lost.stderr).toContain('(rename it to raingauge.config.mts')
  renameSync(file, join(cwd, 'raingauge.config.mts'))
  const found = await raingauge(['status'], { cwd })
  expect(found.stderr).toContain('raingauge.config.mts: environments: names no environment')
  expect([lost.status, found.status]).toEqual([78, 78])
})

test('what tells nobody needs no webhook: whoever restores may not be able to read that', async () => {
  const cwd = testFolder()
  const written = `export default { project: 'shop', slack: { webhook: { parameter: '/out/of/reach' } },
    environments: [{ name: 'production', url: { parameter: '/out/of/reach' } }] }`
  writeFileSync(join(cwd, 'raingauge.config.ts'), written)
  const commands = ['archives production', 'status', 'prune production --dry-run', 'verify 20260102T030405Z-0a1b2c3d']
  const outcomes = await Promise.all(commands.map((words) => raingauge(words.split(' '), { cwd })))
  for (const { stderr } of outcomes) expect(stderr).not.toContain('/out/of/reach')
  expect(outcomes.map(({ status }) => status)).toEqual([0, 2, 1, 2])
  expect(outcomes[3]?.stderr).toContain('there is no archive 20260102T030405Z-0a1b2c3d of shop')
})

/** For `--import`: loading what fits the expression fails. */
function refuse(what: RegExp): string {
  const hooks = `import { registerHooks } from 'node:module'
    registerHooks({ load(url, context, next) { if (${String(what)}.test(url)) throw new Error('loaded ' + url); return next(url, context) } })`
  return `data:text/javascript,${encodeURIComponent(hooks)}`
}
