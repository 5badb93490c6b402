// What may be said of a restore on the command line.
import { RaingaugeError } from '../lib/error.ts'

/** For `parseArgs`. */
export const RESTORE_OPTIONS = {
  to: { type: 'string' },
  'schema-only': { type: 'boolean', default: false },
  'data-only': { type: 'boolean', default: false },
  table: { type: 'string', multiple: true },
  schema: { type: 'string', multiple: true },
  jobs: { type: 'string' },
  'no-owner': { type: 'boolean', default: false },
  globals: { type: 'boolean', default: false },
  'into-non-empty': { type: 'boolean', default: false },
} as const

export type RestoreWords = {
  to?: string | undefined
  'schema-only': boolean
  'data-only': boolean
  table?: string[] | undefined
  schema?: string[] | undefined
  jobs?: string | undefined
  'no-owner': boolean
  globals: boolean
  'into-non-empty': boolean
}

export const RESTORE_HELP = `  --to URL          restore: the database to restore into
  --schema-only     restore: definitions without rows
  --data-only       restore: rows into tables that are there, and empty
  --table NAME      restore: this table with its rows, and the definitions that it needs; repeat it
  --schema NAME     restore: what is in this schema, and the definitions that it needs; repeat it
  --jobs N          restore: connections that work at the same time; default 2
  --no-owner        restore: leave out who owns what and who may do what
  --globals         restore: make the roles and settings of globals.sql first; what is there already stays as it is
  --into-non-empty  restore: also into a database that holds something; nothing is dropped`

const DEFAULT_JOBS = 2
/** More connections than this are a slip of the finger. */
const MOST_JOBS = 64

/** Throws `usage` for words that do not go together, or belong to another command. */
export function checkRestoreWords(command: string, words: RestoreWords): void {
  const { to, table, schema, jobs } = words
  if (command !== 'restore') {
    const flags = (['schema-only', 'data-only', 'no-owner', 'globals', 'into-non-empty'] as const).filter(
      (flag) => words[flag],
    )
    const values = Object.entries({ to, table, schema, jobs }).flatMap(([name, value]) => (value ? [name] : []))
    const [stray] = [...flags, ...values]
    if (stray !== undefined) throw misuse(`--${stray} belongs to restore`)
    return
  }
  if (to === undefined) throw misuse('restore needs --to URL')
  if (words['schema-only'] && words['data-only']) throw misuse('--schema-only and --data-only leave nothing to restore')
  restoreJobs(words)
}

/** Throws `usage` for what is no number of connections. */
export function restoreJobs({ jobs }: Pick<RestoreWords, 'jobs'>): number {
  if (jobs === undefined) return DEFAULT_JOBS
  const number = Number(jobs)
  if (/^\d+$/.test(jobs) && number >= 1 && number <= MOST_JOBS) return number
  throw misuse(`--jobs takes a number from 1 to ${MOST_JOBS}, not ${JSON.stringify(jobs)}`)
}

function misuse(problem: string): RaingaugeError {
  return new RaingaugeError('usage', problem, { remedy: 'see raingauge help' })
}
