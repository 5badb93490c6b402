// `compare` of two databases that differ in known places, each a process of its own, against @supabase/pg-delta where it is there. Both programs
// are as npm installs them, compiled; Raingauge keeps what Node compiled of it, and did so in the round that warms up.
import { execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { withClient } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import type { Run } from '../lib/run.ts'
import { PLANTED } from './generated-schema.ts'
import { compare, type Comparison } from './measure.ts'

/** Path of the command as an installed package has it; it is built for that. */
export async function installedProgram(): Promise<string> {
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: CHECKOUT })
  return fileURLToPath(new URL('../dist/package/bin/raingauge.mjs', import.meta.url))
}

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url))

export async function plantDifferences(target: Target): Promise<void> {
  await withClient(target, 'planting differences', async (client) => {
    for (const { statement } of PLANTED) await client.query(statement)
  })
}

/** Names of planted differences that no finding tells of, and how many findings there are. */
export async function findPlanted(
  program: string,
  a: Target,
  b: Target,
): Promise<{ lost: string[]; findings: number }> {
  const { verdicts } = JSON.parse(await ours(program, a, b)) as Pick<Run, 'verdicts'>
  const found = verdicts.flatMap(({ findings }) => findings)
  // Grants are told together, one finding for whom they are given to: the table is in its text.
  const told = found.map(({ subject, summary, expected = '', actual = '' }) =>
    [subject.name, summary, expected, actual].join('\n'),
  )
  const lost = PLANTED.filter(({ name }) => !told.some((text) => new RegExp(`\\b${name}\\b`).test(text)))
  return { lost: lost.map(({ name }) => name), findings: found.length }
}

/** Paths of the two programs. */
export async function compareCompares(
  { program, pgDelta }: { program: string; pgDelta: string },
  a: Target,
  b: Target,
  rounds: number,
): Promise<Comparison> {
  return await compare(
    `Compare of two databases with ${PLANTED.length} differences, whole process`,
    { name: 'raingauge compare', run: () => ours(program, a, b) },
    { name: 'pg-delta diff', run: () => run(pgDelta, ['diff', '--source', url(a), '--desired', url(b)]) },
    rounds,
  )
}

async function ours(program: string, a: Target, b: Target): Promise<string> {
  return await run(process.execPath, [program, 'compare', url(a), url(b), '--json'])
}

async function run(program: string, words: string[]): Promise<string> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  const complaints: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => chunks.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => complaints.push(bytes))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  // 1 says that there are differences.
  if (status !== 0 && status !== 1) {
    throw new Error(
      `${program} exited with ${String(status)}: ${Buffer.concat(complaints).toString('utf8').slice(0, 500)}`,
    )
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Scratch servers listen on a socket folder, which libpq and both programs take as a parameter. */
function url({ host, port, user, password, database }: Target): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password.reveal())}`
  const at = host.startsWith('/')
    ? `localhost:${port}/${database}?host=${encodeURIComponent(host)}`
    : `${host}:${port}/${database}`
  return `postgres://${encodeURIComponent(user)}${secret}@${at}`
}
