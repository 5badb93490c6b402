import type { LedgerName } from '../config/config.ts'
import type { Migration } from '../ledger/folder.ts'
import type { BaselineRequest } from '../schema/read-baseline.ts'
import type { Live } from '../schema/read-live.ts'
import type { JobContext } from './context.ts'

/** The baseline that a live database is compared with, had just these migrations been applied to it. */
export function wantedBaseline(
  migrations: readonly Migration[],
  ledger: LedgerName,
  { major, roles, extensions }: Pick<Live, 'major' | 'roles' | 'extensions'>,
  { schemaRules: { platform } }: Pick<JobContext, 'schemaRules'>,
): BaselineRequest {
  return { major, migrations, ledger, roles, extensions, ...(platform && { platform }) }
}
