import { chmodSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PLANTED_HOTFIX } from '../../lib/sample/planted-hotfix.ts'
import { raingauge, raingaugeJson, startRaingauge } from '../support/command-line.ts'
import { testFolder } from '../support/directory.ts'

/** A temp folder of its own shows what is left behind. */
function ownTemp(): { TMPDIR: string; left: () => string[] } {
  const TMPDIR = testFolder()
  // As /tmp is: as root, the servers run as somebody else.
  chmodSync(TMPDIR, 0o1777)
  return { TMPDIR, left: () => readdirSync(TMPDIR).filter((name) => name.startsWith('raingauge-')) }
}

test('a first run without any configuration finds and names what was planted, proves the archives, and cleans up', async () => {
  const { TMPDIR, left } = ownTemp()
  const cwd = testFolder()
  const { status, stdout, stderr } = await raingauge(['run'], { env: { TMPDIR }, cwd })
  expect(stderr).toContain('No database is configured')
  for (const { name } of PLANTED_HOTFIX) expect(stdout).toContain(name)
  expect(stdout).toContain('1 migration behind staging: 0005_add_invoice_due_date')
  expect(stdout.match(/restored in a drill/g)).toHaveLength(2)
  expect(stdout).toContain('Slack would be told this')
  expect(stdout).not.toMatch(/unexpected|undefined|NaN|\[object/)
  expect(status).toBe(1)
  expect(left()).toEqual([])
  expect(readdirSync(join(cwd, '.raingauge', 'archives', 'sample')).toSorted()).toEqual(['production', 'staging'])
})

test('--json prints the document and nothing else; the sample has exactly the planted findings', async () => {
  const { status, run, stderr } = await raingaugeJson(['check'])
  expect(status).toBe(1)
  expect(stderr).not.toContain('\u001B')
  expect(run.verdicts.map(({ check, environment, status: is }) => [check, environment, is])).toEqual([
    ['folder', null, 'clean'],
    ['ledger', 'staging', 'clean'],
    ['schema', 'staging', 'clean'],
    ['ledger', 'production', 'findings'],
    ['schema', 'production', 'findings'],
  ])
  const findings = run.verdicts.flatMap((verdict) => verdict.findings)
  const schema = findings.filter(({ kind }) => kind.startsWith('schema.'))
  expect(schema.map(({ subject }) => subject.name).toSorted()).toEqual(
    PLANTED_HOTFIX.map(({ name }) => name).toSorted(),
  )
  expect(findings.filter(({ kind }) => kind.startsWith('ledger.')).map(({ kind }) => kind)).toEqual([
    'ledger.pending',
    'ledger.behind',
  ])
})

test.each([['SIGINT', 130] as const, ['SIGTERM', 143] as const])(
  '%s in the middle leaves nothing behind',
  async (signal, expected) => {
    const { TMPDIR, left } = ownTemp()
    const started = startRaingauge(['run'], { env: { TMPDIR } })
    await expect.poll(() => left().length, { timeout: 30_000 }).toBeGreaterThan(0)
    // As npm hands it on: twice.
    started.kill(signal)
    started.kill(signal)
    const { status, stdout } = await started.finished
    expect(status).toBe(expected)
    expect(stdout).toBe('')
    await expect.poll(left, { timeout: 10_000 }).toEqual([])
  },
)
