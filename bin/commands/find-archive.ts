// An archive by what a person calls it: its id, whatever environment it belongs to, or where it lies.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { findArchive, listArchives, type ArchiveRecord, type GoodRecord } from '../../lib/archive/list-archives.ts'
import type { Config } from '../../lib/config/config.ts'
import { RaingaugeError } from '../../lib/error.ts'
import type { JobContext } from '../../lib/job/context.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { parseArchiveLocation, type ArchiveLocation } from '../../lib/store/archive-location.ts'
import { isArchiveId } from '../../lib/store/keys.ts'
import type { Store } from '../../lib/store/store.ts'
import { terminalEdge } from '../edge.ts'
import { demandConfig, givenIdentity, readConfig, tellingNobody, type Request } from './request.ts'

/** True for a file that is read as it is: not one that its store must open. */
export function isPlainFile(path: string): boolean {
  return existsSync(path) && !(path.endsWith('.age') && parseArchiveLocation(path) !== null)
}

/** What is done with an archive: its store, the key that may open it, and the clock. */
export type ArchiveContext = Pick<JobContext, 'store' | 'identity' | 'now'>

/**
 * Lends the archive of that id, in the store of the configuration, or at that s3:// URL or path, which needs no configuration. Throws
 * `archive.not-found`, `usage` for a URL that no archive can have, or why it cannot be read.
 */
export async function withArchive<T>(
  name: string,
  request: Request,
  use: (record: GoodRecord, context: ArchiveContext) => Promise<T>,
): Promise<T> {
  const edge = terminalEdge(request.terminal, request.signal)
  const location = parseArchiveLocation(name.startsWith('s3://') ? name : resolve(request.cwd, name))
  if (location === null) {
    if (name.startsWith('s3://')) throw noLocation(name)
    if (!isArchiveId(name)) throw noFile(name)
    const config = tellingNobody(await demandConfig(request))
    return await withJobContext(config, edge, async (context) =>
      use(await findById(context.store, config, name), context),
    )
  }
  const { store, project } = location
  const config = await readConfig(request)
  const identity = config?.identity ?? givenIdentity(request)
  const alone = { project, migrations: '', ledger: null, environments: [], slackWebhook: null, store, identity }
  return await withJobContext(alone, edge, async (context) => use(await findThere(context.store, location), context))
}

async function findById(
  store: Store,
  config: Pick<Config, 'project' | 'environments'>,
  id: string,
): Promise<GoodRecord> {
  for (const { name } of config.environments) {
    const record = (await listArchives(store, config.project, name)).find((each) => each.id === id)
    if (record !== undefined) return unlessUnreadable(record)
  }
  throw new RaingaugeError('archive.not-found', `there is no archive ${id} of ${config.project}`, {
    remedy: `list them with raingauge archives ${config.environments[0]?.name ?? 'ENV'}`,
  })
}

async function findThere(store: Store, { project, environment, id }: ArchiveLocation): Promise<GoodRecord> {
  const record = await findArchive(store, project, environment, id)
  if (record !== null) return unlessUnreadable(record)
  throw new RaingaugeError('archive.not-found', `there is no manifest of ${id} in ${store.locate('archives')}`, {
    remedy: 'an archive without a manifest was never finished, or was removed: list them with raingauge archives ENV',
  })
}

function unlessUnreadable(record: ArchiveRecord): GoodRecord {
  if (record.kind === 'archive') return record
  throw record.reason
}

function noFile(name: string): RaingaugeError {
  return new RaingaugeError('archive.not-found', `there is no file ${name}, and it is no id of an archive`, {
    remedy:
      'name a file that is there, or an id such as 20260102T030405Z-0a1b2c3d: raingauge archives ENV lists them, and where each lies',
  })
}

function noLocation(url: string): RaingaugeError {
  return new RaingaugeError('usage', `${url} is not where an archive lies`, {
    remedy:
      'such a URL ends with archives/PROJECT/ENVIRONMENT/ID/archive.dump.zst: raingauge archives ENV lists them. Fetch what lies elsewhere, and name the file',
  })
}
