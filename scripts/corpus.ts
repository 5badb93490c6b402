// npm run corpus: real projects' migrations, applied as the projects do, must check clean; schema pairs must be told and repaired. See its usage below.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { RaingaugeError } from '../lib/error.ts'
import { EMBEDDED_MAJORS } from '../lib/scratch/server-binaries.ts'
import { runPairs } from './corpus-pairs.ts'
import { runProjects } from './corpus-projects.ts'
import { runScript } from './db/run-script.ts'

const USAGE =
  'npm run corpus -- [FOLDER with drizzle and schema-pairs] [--pairs FOLDER of folders with a.sql and b.sql] ' +
  '[--projects FOLDER of projects, wherever in them the migrations are] [--majors 15,16,17,18]'

await runScript(async () => {
  const { folder, majors, pairs: own, projects } = parseArguments(process.argv.slice(2))
  if (own !== undefined) {
    let good = true
    for (const major of majors) good = (await runPairs(own, major)) && good
    return good ? 0 : 1
  }
  if (projects !== undefined) return (await runProjects(projects, majors)) ? 0 : 1
  if (!existsSync(join(folder, 'drizzle'))) {
    process.stdout.write(`no corpora at ${folder}: nothing was run (usage: ${USAGE})\n`)
    return 0
  }
  let clean = await runProjects(join(folder, 'drizzle'), majors)
  const pairs = join(folder, 'schema-pairs', 'migra')
  if (existsSync(pairs)) for (const major of majors) clean = (await runPairs(pairs, major)) && clean
  return clean ? 0 : 1
})

type Arguments = { folder: string; majors: number[]; pairs: string | undefined; projects: string | undefined }

function parseArguments(words: string[]): Arguments {
  const options = {
    majors: { type: 'string', default: '17' },
    pairs: { type: 'string' },
    projects: { type: 'string' },
  } as const
  const { values, positionals } = parseArgs({ args: words, options, strict: false, allowPositionals: true })
  const majors = String(values.majors).split(',').map(Number)
  if (
    positionals.length > 1 ||
    Object.keys(values).some((name) => !Object.hasOwn(options, name)) ||
    majors.some((major) => !EMBEDDED_MAJORS.some((each) => each === major))
  ) {
    throw new RaingaugeError('usage', `usage: ${USAGE}`)
  }
  const folder = resolve(positionals[0] ?? '../shared/corpora')
  return { folder, majors, pairs: folderOf('pairs', values.pairs), projects: folderOf('projects', values.projects) }
}

function folderOf(option: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const path = resolve(value)
  if (existsSync(path)) return path
  throw new RaingaugeError('usage', `--${option}: there is no folder ${path}`, { remedy: `usage: ${USAGE}` })
}
