import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseTarget } from '../../lib/postgres/target.ts'
import { pgliteUrl } from '../../scripts/db/local-environment.ts'
import { execute } from '../support/database.ts'
import { freePort, projectCopy, runLine, startLine } from '../support/project-copy.ts'

test('db-server:file remembers over a restart, in a folder that git ignores', async () => {
  const folder = await projectCopy()
  expect(await serveAndAsk(folder, 'CREATE TABLE t AS SELECT 7 AS kept')).toEqual([])
  expect(await serveAndAsk(folder, 'TABLE t')).toEqual([{ kept: 7 }])
  const { stdout } = await runLine(folder, 'git init -q && git status --porcelain --untracked-files=all')
  expect(stdout).toContain('migrations/')
  expect(stdout).not.toContain('.raingauge')
})

test('a port that is taken is said, before any file is touched', async () => {
  const blocker = createServer()
  const port = await freePort()
  await new Promise<void>((resolve) => blocker.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    blocker.close()
  })
  const folder = await projectCopy()
  const { status, stderr } = await runLine(folder, 'npm run -s db-server:file', { PGLITE_PORT: String(port) })
  expect(status).toBe(2)
  expect(stderr).toContain(`port ${port} of 127.0.0.1 cannot be listened on`)
  expect(stderr).toContain('PGLITE_PORT')
  expect(existsSync(join(folder, '.raingauge'))).toBe(false)
})

test.each([
  ['one line for a shell', 'npm run -s db-server:once -- --major 15 "true && exit 7"', 7],
  ['several words, killed by a signal', `npm run -s db-server:once -- --major 18 sh -c 'kill -9 $$'`, 137],
  ['no such command', 'npm run -s db-server:once -- --major 18 no-such-command at all', 64],
  ['nothing to run', 'npm run -s db-server:once', 64],
  ['no such server', 'npm run -s db-server:once -- --major 9 true', 64],
])('db-server:once ends as its command does: %s', async (_, line, status) => {
  expect(await runLine(await projectCopy(), line)).toMatchObject({ status })
})

async function serveAndAsk(folder: string, statement: string): Promise<unknown[]> {
  const port = await freePort()
  const server = startLine(folder, 'npm run -s db-server:file', { PGLITE_PORT: String(port) })
  await server.said('.raingauge/pglite')
  const rows = await execute(parseTarget(pgliteUrl(port)), statement)
  server.signal('SIGINT')
  expect((await server.ended).stdout).toContain('PGlite ended.')
  return rows
}
