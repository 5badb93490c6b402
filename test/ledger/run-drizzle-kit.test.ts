import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { runDrizzleKitCheck, type KitOptions } from '../../lib/ledger/run-drizzle-kit.ts'
import { journalPath, migrationsFolder, snapshot, snapshotPath } from '../support/migrations-folder.ts'
import { testFolder } from '../support/directory.ts'
import { isAlive } from '../support/process-tree.ts'

const A = { tag: '0000_a', sql: 'SELECT 1;' }
const B = { tag: '0001_b', sql: 'SELECT 2;' }

async function check(path: string, options?: KitOptions) {
  const findings = await runDrizzleKitCheck(await readFolder(path), options)
  return findings.map(({ kind, subject, summary }) => ({ kind, name: subject.name, summary }))
}

/** A stand-in for drizzle-kit that runs this. */
async function kit(source: string): Promise<string> {
  const path = join(testFolder(), 'bin.cjs')
  await writeFile(path, source)
  return path
}

async function withSnapshot(text: string): Promise<string> {
  const path = await migrationsFolder([A, B])
  await writeFile(snapshotPath(path, B.tag), text)
  return path
}

test('a sound folder, of whatever path, is fine, and is left as it is', async () => {
  const path = await migrationsFolder([A, B])
  const before = await readdir(path, { recursive: true })
  expect(await check(path)).toEqual([])
  expect(await readdir(path, { recursive: true })).toEqual(before)
})

test.each([
  ['malformed', '{}', 'drizzle-kit check: meta/0001_snapshot.json data is malformed'],
  ['no JSON', '{"id": ', 'drizzle-kit check: meta/0001_snapshot.json: Unexpected end of JSON input'],
  [
    'of a newer version, of which drizzle-kit says so and exits 0',
    JSON.stringify({ ...snapshot(1), version: '8' }),
    'drizzle-kit check: Info: meta/0001_snapshot.json snapshot is of unsupported version, please update drizzle-kit',
  ],
  [
    'of an older version',
    JSON.stringify({ ...snapshot(1), version: '6' }),
    'drizzle-kit check: meta/0001_snapshot.json is not of the latest version, please run "drizzle-kit up"',
  ],
])('a snapshot that is %s', async (_, text, summary) => {
  expect(await check(await withSnapshot(text))).toEqual([
    { kind: 'folder.kit', name: 'meta/0001_snapshot.json', summary },
  ])
})

test('two snapshots after the same one: two branches that met', async () => {
  const path = await withSnapshot(JSON.stringify({ ...snapshot(1), prevId: snapshot(0).prevId }))
  expect(await check(path)).toMatchObject([
    { kind: 'folder.kit', name: 'meta/0000_snapshot.json, meta/0001_snapshot.json' },
  ])
})

test('what it says of the order of the journal is told already', async () => {
  expect(await check(await migrationsFolder([A, { ...B, when: 5 }]))).toEqual([])
})

test('a folder that only this process can read is copied; one that is gone is no result', async () => {
  const path = await migrationsFolder([A])
  await chmod(journalPath(path), 0o400)
  expect(await check(path)).toEqual([])
  const folder = await readFolder(path)
  await rm(path, { recursive: true })
  await expect(runDrizzleKitCheck(folder)).rejects.toMatchObject({ code: 'kit.failed' })
})

test('it sees nothing of our environment, and works in a folder that is gone afterwards', async () => {
  process.env.DATABASE_URL = 'postgres://u:hunter22@h/d'
  const path = await migrationsFolder([A])
  const spy = await kit('console.log(JSON.stringify([process.cwd(), Object.keys(process.env)]))')
  const error = await check(path, { kit: spy }).catch((caught: unknown) => caught)
  delete process.env.DATABASE_URL
  const [cwd, names] = JSON.parse(/\[.*\]/.exec(String(error))?.[0] ?? '') as [string, string[]]
  expect(names.toSorted()).toEqual(['HOME', 'NO_COLOR', 'TMPDIR'])
  expect(existsSync(cwd)).toBe(false)
})

test.each([
  ['crashes', 'process.exitCode = 3; console.error("\\u001b[31mno orm\\u001b[39m")', 'exit status 3): no orm'],
  ['says nothing', '', 'exit status 0): it said nothing'],
  ['says what nobody knows', 'console.log("All good!")', 'All good!'],
  ['says fine and fails', 'console.log("Everything\'s fine"); process.exitCode = 1', 'exit status 1'],
  ['is killed', 'process.kill(process.pid, "SIGTERM")', 'killed by SIGTERM'],
  ['talks without end', 'const talk = () => process.stdout.write("x".repeat(1e5), talk); talk()', 'maxBuffer'],
])('a drizzle-kit that %s is no result', async (_, source, words) => {
  const failing = check(await migrationsFolder([A]), { kit: await kit(source) })
  await expect(failing).rejects.toMatchObject({
    code: 'kit.failed',
    message: expect.stringContaining(words),
    remedy: expect.any(String),
  })
})

function of(id: string, ...prevIds: string[]): Record<string, unknown> {
  return { version: '8', dialect: 'postgres', id, prevIds, ddl: [] }
}

test('of folders of Drizzle 1.x, which it does not know, the snapshots are checked', async () => {
  const path = testFolder()
  const write = async (tag: string, content: string | Record<string, unknown>) => {
    await mkdir(join(path, tag), { recursive: true })
    await writeFile(join(path, tag, 'migration.sql'), '')
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    await writeFile(join(path, tag, 'snapshot.json'), text)
  }
  await write('20260101000000_a', of('a', '00000000-0000-0000-0000-000000000000'))
  // Two branches, merged.
  await write('20260102000000_b', of('b', 'a'))
  await write('20260103000000_c', of('c', 'a'))
  await write('20260104000000_d', of('d', 'b', 'c'))
  expect(await check(path)).toEqual([])

  await write('20260105000000_e', of('d', 'b', 'c'))
  await write('20260106000000_f', of('f', 'gone'))
  const told = async () => (await check(path)).map(({ kind, summary }) => `${kind} ${summary}`)
  expect(await told()).toEqual([
    expect.stringMatching(/^folder\.kit .*20260105000000_e\/snapshot\.json has the id of 20260104000000_d/),
    expect.stringMatching(/^folder\.kit .*20260106000000_f\/snapshot\.json follows gone/),
  ])
  await write('20260105000000_e', { ...of('e', 'd'), version: '9' })
  await write('20260106000000_f', '<<<<<<< HEAD')
  expect(await told()).toEqual([
    expect.stringContaining('20260105000000_e/snapshot.json is of version 9; known is 8'),
    expect.stringContaining('20260106000000_f/snapshot.json is not JSON'),
  ])
})

test('one that is not there, one that hangs, and one that is called off', async () => {
  const path = await migrationsFolder([A])
  await expect(check(path, { kit: '/nowhere/bin.cjs' })).rejects.toMatchObject({ code: 'kit.failed' })
  const deaf = 'setInterval(() => {}, 1000); process.on("SIGTERM", () => {});'
  const hangs = await kit(deaf)
  await expect(check(path, { kit: hangs, timeoutMs: 300 })).rejects.toMatchObject({
    code: 'kit.failed',
    message: expect.stringContaining('did not end within 300 ms'),
  })
  const calling = new AbortController()
  const pidFile = join(testFolder(), 'pid')
  const tells = await kit(`${deaf} require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))`)
  const called = check(path, { kit: tells, signal: calling.signal })
  const pid = await vi.waitFor(async () => {
    const told = await readFile(pidFile, 'utf8')
    expect(told).not.toBe('')
    return Number(told)
  }, 10_000)
  expect(isAlive(pid)).toBe(true)
  calling.abort(new Error('called off'))
  await expect(called).rejects.toThrow('called off')
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000)
})
