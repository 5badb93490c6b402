// The options of `grants`, which no other command knows.
import { RaingaugeError } from '../lib/error.ts'

export type GrantWords = {
  role?: string | undefined
  generic: boolean
  'by-object': boolean
}

export const GRANT_OPTIONS = {
  role: { type: 'string' },
  generic: { type: 'boolean', default: false },
  'by-object': { type: 'boolean', default: false },
} as const

export const GRANT_HELP = `  --role WHICH      grants: watch (for checks), dump (for backups) or both; default: both
  --generic         grants: without a look at the database
  --by-object       grants: schema by schema, instead of pg_read_all_data`

/** Throws `usage` for options of `grants` that another command was given, and for what they do not take. */
export function checkGrantWords(command: string, { role, generic, 'by-object': byObject }: GrantWords): void {
  if (command !== 'grants' && (role !== undefined || generic || byObject)) {
    throw misuse('--role, --generic and --by-object belong to grants')
  }
  if (role !== undefined && !['watch', 'dump', 'both'].includes(role)) throw misuse('--role takes watch, dump or both')
  if (generic && byObject) throw misuse('--by-object names what there is, which --generic does not look at: take one')
}

function misuse(problem: string): RaingaugeError {
  return new RaingaugeError('usage', problem, { remedy: 'see raingauge help' })
}
