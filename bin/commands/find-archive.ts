// An archive by what a person calls it: its id, whatever environment it belongs to.
import { findArchive, type GoodRecord } from '../../lib/archive/list-archives.ts'
import { RaingaugeError } from '../../lib/error.ts'
import type { Config } from '../../lib/config/config.ts'
import type { Store } from '../../lib/store/store.ts'

/** The archive with this id. Throws `archive.not-found`, or why it cannot be read. */
export async function findById(
  store: Store,
  config: Pick<Config, 'project' | 'environments'>,
  id: string,
): Promise<GoodRecord> {
  for (const { name } of config.environments) {
    const record = await findArchive(store, config.project, name, id)
    if (record?.kind === 'archive') return record
    if (record !== null) throw record.reason
  }
  throw new RaingaugeError('archive.not-found', `there is no archive ${id} of ${config.project}`, {
    remedy: `list them with raingauge archives ${config.environments[0]?.name ?? 'ENV'}`,
  })
}
