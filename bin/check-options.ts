// Which options go together, and what their values may be.
import { RaingaugeError } from '../lib/error.ts'
import { listed } from '../lib/words.ts'
import type { CommandName } from './command-table.ts'
import type { Options } from './command-line.ts'
import { OPTIONS, type Option } from './option-table.ts'

const DEFAULT_JOBS = 2
/** More connections than this are a slip of the finger. */
const MOST_JOBS = 64

/** Throws `usage` for an option of another command, for options that do not go together, and for values that they do not take. */
export function checkOptions(command: CommandName, options: Options): void {
  for (const [name, value] of Object.entries(options)) {
    const { of: commands }: Option = OPTIONS[name as keyof typeof OPTIONS]
    if (value === undefined || value === false || commands === undefined || commands.includes(command)) continue
    throw misuse(`--${name} belongs to ${listed(commands)}`)
  }
  const { sql, json, slot, role, generic } = options
  if (sql && json) throw misuse('--sql and --json are two forms of the same: take one')
  if (slot !== undefined && Number.isNaN(Date.parse(slot))) {
    throw misuse('--slot takes a time, such as 2026-01-02T03:00:00Z')
  }
  if (role !== undefined && !['watch', 'dump', 'both'].includes(role)) throw misuse('--role takes watch, dump or both')
  if (generic && options['by-object']) {
    throw misuse('--by-object names what there is, which --generic does not look at: take one')
  }
  if (command === 'restore') checkRestore(options)
}

function checkRestore(options: Options): void {
  if (options.to === undefined) throw misuse('restore needs --to URL')
  if (options['schema-only'] && options['data-only']) {
    throw misuse('--schema-only and --data-only leave nothing to restore')
  }
  restoreJobs(options)
}

/** Throws `usage` for what is no number of connections. */
export function restoreJobs({ jobs }: Pick<Options, 'jobs'>): number {
  if (jobs === undefined) return DEFAULT_JOBS
  const number = Number(jobs)
  if (/^\d+$/.test(jobs) && number >= 1 && number <= MOST_JOBS) return number
  throw misuse(`--jobs takes a number from 1 to ${MOST_JOBS}, not ${JSON.stringify(jobs)}`)
}

/** The error for what is not understood. */
export function misuse(problem: string, cause?: unknown): RaingaugeError {
  return new RaingaugeError('usage', problem, { remedy: 'see raingauge help', cause })
}
