// Would `npm run db:generate` write a migration? Asked on a copy, since drizzle-kit exits 0 whatever happened.
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { RaingaugeError } from '../../lib/error.ts'

/** What drizzle-kit 0.31 says when schema and snapshots agree (`prepareAndMigratePg` in its bin.cjs). */
const NO_CHANGES = 'No schema changes'

/**
 * The SQL that is still to be generated from the schema file, or null where the folder has it all. Throws `kit.failed` when
 * drizzle-kit could not tell: a schema that does not compile, or a rename that it wants to ask about.
 */
export async function ungeneratedSql(schema: string, folder: string): Promise<string | null> {
  const copy = await mkdtemp(join(tmpdir(), 'raingauge-generate-'))
  try {
    await cp(folder, join(copy, 'migrations'), { recursive: true })
    const config = { dialect: 'postgresql', schema: resolve(schema), out: './migrations' }
    await writeFile(join(copy, 'drizzle.config.json'), JSON.stringify(config))
    const before = new Set(await readdir(join(copy, 'migrations')))
    const said = await runDrizzleKitGenerate(copy)
    const written = (await readdir(join(copy, 'migrations'))).filter(
      (name) => name.endsWith('.sql') && !before.has(name),
    )
    if (written[0] !== undefined) return await readFile(join(copy, 'migrations', written[0]), 'utf8')
    if (said.includes(NO_CHANGES)) return null
    const complaint =
      /^.*(?:Error|Interactive prompts).*$/m.exec(said)?.[0]?.replace(/ \(.*$/, '') ?? said.trim().slice(-300)
    throw new RaingaugeError('kit.failed', `drizzle-kit generate wrote nothing: ${complaint}`, {
      remedy: 'run npm run db:generate in a terminal: it asks about renames, and shows what else is wrong',
    })
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

async function runDrizzleKitGenerate(cwd: string): Promise<string> {
  const kit = join(dirname(createRequire(import.meta.url).resolve('drizzle-kit')), 'bin.cjs')
  const child = spawn(process.execPath, [kit, 'generate', '--config', 'drizzle.config.json'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  }
  await new Promise((resolveExit, reject) => {
    child.once('error', reject)
    child.once('close', resolveExit)
  })
  return stripVTControlCharacters(said)
}
