// What may be written after `raingauge`: the commands and their options as data, from which parsing and help are made.
import { parseArgs } from 'node:util'
import { RaingaugeError } from '../lib/error.ts'
import { checkGrantWords, GRANT_HELP, GRANT_OPTIONS, type GrantWords } from './grant-options.ts'
import { checkRestoreWords, RESTORE_HELP, RESTORE_OPTIONS, type RestoreWords } from './restore-options.ts'

export const COMMANDS = {
  run: { arguments: [], about: 'check, back up, drill and report (this is npm start)' },
  check: { arguments: [], about: 'compare ledgers and schemas' },
  fleet: { arguments: [], about: 'compare every database of the fleet with the migrations' },
  compare: {
    arguments: ['A', 'B'],
    about: 'what must change in B to be as A; each a database URL or a migrations folder',
  },
  backup: { arguments: ['ENV'], about: 'write an archive of the environment and read it back' },
  verify: {
    arguments: ['ARCHIVE'],
    about: 'read an archive back and decode it: an id, where it lies (s3://…), or a .dump or .dump.zst file',
  },
  drill: { arguments: ['ENV'], about: 'restore the newest archive into a scratch database and compare' },
  restore: {
    arguments: ['ARCHIVE'],
    about:
      'restore an archive, or part of it, into the empty database of --to: an id, where it lies (s3://…), or a file',
  },
  archives: { arguments: ['ENV'], about: 'list the archives of the environment' },
  prune: { arguments: ['ENV'], about: 'remove old archives, as archives.keep of the configuration says' },
  status: { arguments: [], about: 'what is open, from the store alone: no database is asked' },
  migrate: { arguments: ['ENV'], about: 'apply the committed migrations to the environment' },
  publish: { arguments: [], about: 'put the migrations folder into the store, for the deployed jobs to go by' },
  grants: {
    arguments: ['ENV'],
    about: 'print the SQL that makes the roles which Raingauge logs in as; it is never run',
  },
  init: { arguments: [], about: 'write a raingauge.config.ts to start from' },
} as const satisfies Record<string, { arguments: string[]; about: string }>

export type CommandName = keyof typeof COMMANDS

export type Options = RestoreWords &
  GrantWords & {
    config?: string | undefined
    migrations?: string | undefined
    env?: string[] | undefined
    ledger?: string | undefined
    store?: string | undefined
    ignore?: string[] | undefined
    only?: string[] | undefined
    'show-ignored': boolean
    slot?: string | undefined
    sql: boolean
    identity?: string | undefined
    'dry-run': boolean
    published: boolean
    older: boolean
    baselines: boolean
    json: boolean
  }

export type CommandLine =
  | { command: CommandName; arguments: string[]; options: Options }
  | { command: 'help' | 'version' }

const OPTIONS = {
  config: { type: 'string' },
  migrations: { type: 'string' },
  env: { type: 'string', multiple: true },
  ledger: { type: 'string' },
  store: { type: 'string' },
  ...RESTORE_OPTIONS,
  ignore: { type: 'string', multiple: true },
  only: { type: 'string', multiple: true },
  'show-ignored': { type: 'boolean', default: false },
  slot: { type: 'string' },
  sql: { type: 'boolean', default: false },
  identity: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  ...GRANT_OPTIONS,
  published: { type: 'boolean', default: false },
  older: { type: 'boolean', default: false },
  baselines: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const

/** Parses what was written. Throws `usage` for anything that is not understood. */
export function parseCommandLine(words: string[]): CommandLine {
  const { values, positionals } = parse(words)
  const { help, version, ...options } = values
  if (version) return { command: 'version' }
  const [name, ...given] = positionals
  if (help || name === undefined || name === 'help') return { command: 'help' }
  if (!isCommand(name)) throw misuse(`there is no command ${JSON.stringify(name)}`)
  const wanted = COMMANDS[name].arguments
  if (given.length !== wanted.length) {
    throw misuse(
      `${name} takes ${wanted.length === 0 ? 'no argument' : wanted.join(' ')}, not ${given.length} arguments`,
    )
  }
  checkRestoreWords(name, options)
  if (name !== 'compare' && (options.ignore ?? options.only) !== undefined) {
    throw misuse('--ignore and --only belong to compare; for checks, write rules into the configuration')
  }
  if (options.sql && name !== 'compare' && name !== 'check') throw misuse('--sql belongs to compare and check')
  if (options.sql && options.json) throw misuse('--sql and --json are two forms of the same: take one')
  if (options.slot !== undefined) {
    if (name !== 'backup' && name !== 'run') throw misuse('--slot belongs to backup and run')
    if (Number.isNaN(Date.parse(options.slot))) throw misuse('--slot takes a time, such as 2026-01-02T03:00:00Z')
  }
  checkGrantWords(name, options)
  if (options['dry-run'] && name !== 'prune') throw misuse('--dry-run belongs to prune')
  if (options.published && name !== 'check' && name !== 'run') throw misuse('--published belongs to check and run')
  if ((options.older || options.baselines) && name !== 'publish')
    throw misuse('--older and --baselines belong to publish')
  return { command: name, arguments: given, options }
}

/** The page that `raingauge help` prints. */
export function helpPage(): string {
  const commands = Object.entries(COMMANDS).map(
    ([name, { arguments: words, about }]) => `  ${[name, ...words].join(' ').padEnd(16)} ${about}`,
  )
  return `usage: raingauge COMMAND [options]

${commands.join('\n')}

options
  --config FILE     the configuration; default: raingauge.config.ts (or .mts) here, if there is one
  --migrations DIR  the migrations folder
  --env NAME=URL    an environment; repeat it, in promotion order
  --ledger S.T      the ledger, as schema.table
  --store WHERE     a folder, or s3://bucket/prefix
${RESTORE_HELP}
  --ignore PATTERN  compare: leave out what fits [CLASS:]NAME, such as index:app.*; repeat it
  --only PATTERN    compare: tell only what fits; repeat it
  --sql             compare, check: print the repairs as one SQL script, which is never run
  --show-ignored    tell what rules left out, one by one
  --slot TIME       backup, run: the time of the schedule; the same slot makes one archive, however often it is run
  --identity FILE   the age private key that opens encrypted archives, as age-keygen wrote it
${GRANT_HELP}
  --dry-run         prune: list what would be kept and removed, and why
  --published       check, run: go by the published migrations, not by the folder here
  --older           publish: also where what is published has these migrations and more
  --baselines       publish: also replay them for each database, so that no check has to
  --json            one JSON document on stdout, and nothing else
  --help, --version

Without a configuration, DATABASE_URL_STAGING and DATABASE_URL_PROD name the databases; without these,
run and check show themselves on an embedded pair of servers with planted faults.

exit status: 0 clean, 1 findings, 2 something could not be checked or done, 64 wrong usage, 78 bad configuration`
}

function parse(words: string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: words, options: OPTIONS, allowPositionals: true, strict: true })
  } catch (cause) {
    throw misuse(cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name)
}

function misuse(problem: string, cause?: unknown): RaingaugeError {
  return new RaingaugeError('usage', problem, { remedy: 'see raingauge help', cause })
}
