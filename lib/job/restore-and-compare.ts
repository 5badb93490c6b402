import { availableParallelism } from 'node:os'
import type { GoodRecord } from '../archive/list-archives.ts'
import type { Restoration } from '../archive/proof.ts'
import { readKeptCatalog } from '../archive/envelope.ts'
import { storedSource } from '../archive/stored-source.ts'
import { restoreArchive } from '../archive/restore-archive.ts'
import { differenceInRows } from '../archive/verify-archive.ts'
import { hasCode, RaingaugeError } from '../error.ts'
import { readLedger } from '../ledger/read-ledger.ts'
import { codeOf } from '../postgres/classify-error.ts'
import { withClient, withSnapshot } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import { withoutRights } from '../schema/access/access-facts.ts'
import { decodeCatalog, majorOf, type Catalog } from '../schema/catalog.ts'
import { diffCatalogs } from '../schema/diff-catalogs.ts'
import { makeRoles } from '../schema/make-roles.ts'
import { readLive } from '../schema/read-live.ts'
import { schemaFindings } from '../schema/schema-findings.ts'
import { withoutExtensionVersions } from '../schema/version-skew.ts'
import type { Choice } from '../scratch/choose-road.ts'
import type { JobContext } from './context.ts'
import { ledgerDigest } from './ledger-head.ts'
import { rowsIn } from '../run.ts'

/** PGlite has one connection; servers have more, and as many cores as we, being beside us. */
const JOBS = Math.min(4, availableParallelism())

/**
 * Restores the archive into an empty scratch database of the server's major, and compares catalog (with it, whether constraints and
 * indexes are valid), rows per table and ledger with what was recorded in the dump's own snapshot. Throws `archive.corrupt` or
 * `archive.restore` when the archive is not what it should be, and `scratch.unavailable` when this scratch cannot tell.
 */
export async function restoreAndCompare(record: GoodRecord, context: JobContext): Promise<Restoration> {
  const { manifest } = record
  const recorded = await readRecordedCatalog(record, context)
  const wish = { extensions: extensionsOf(recorded), copies: true }
  const restore = async (target: Target, { road, missing }: Choice): Promise<Restoration> => {
    if (missing.length > 0) throw cannotRestore(missing)
    await withClient(target, 'preparing the scratch database', (client) => makeRoles(client, manifest.roles))
    const started = performance.now()
    const { tables, statements } = await restoreArchive(
      storedSource(context.store, manifest, await context.identity()),
      target,
      { signal: context.signal, jobs: road === 'pglite' ? 1 : JOBS },
    )
    const durationMs = Math.round(performance.now() - started)
    context.progress(`${record.environment}: restored in ${(durationMs / 1000).toFixed(1)} s, comparing`)
    const rows = differenceInRows(manifest.tables, tables)
    if (rows !== null) throw different(record, rows)
    const comparable = recorded === null || road === 'embedded' ? recorded : withoutExtensionVersions(recorded)
    const serverVersion = await compareWithRecorded(target, record, comparable, context)
    return {
      format: 1,
      id: record.id,
      restoredAt: context.now().toISOString(),
      durationMs,
      sha256: { stored: manifest.sha256.stored },
      serverVersion,
      tables: tables.length,
      rows: rowsIn(tables),
      statements,
    }
  }
  return await context.scratch.withDatabase(
    majorOf(manifest.serverVersion),
    (target, lent) => restore(target, lent).catch((error: unknown) => refuse(lent, error)),
    wish,
  )
}

function extensionsOf(recorded: Catalog | null): string[] {
  return recorded?.objects.flatMap((object) => (object.class === 'extension' ? object.path.slice(0, 1) : [])) ?? []
}

/** What a scratch server has no room for, or does not let our role make, says nothing of the archive. */
function refuse({ road }: Choice, error: unknown): never {
  if (hasCode(error, 'archive.restore') && INSUFFICIENT_RESOURCES.test(codeOf(error.cause) ?? '')) {
    throw new RaingaugeError('scratch.unavailable', `the scratch Postgres: ${error.message}`, {
      remedy:
        'give it more disk or memory: the temp folder here, the storage of the function, or the server of scratch.url',
      cause: error,
    })
  }
  if (road === 'named' && hasCode(error, 'archive.restore') && codeOf(error.cause) === INSUFFICIENT_PRIVILEGE) {
    throw new RaingaugeError('scratch.unavailable', error.message, {
      remedy: 'give the role of scratch.url what the message names, or SUPERUSER there',
      cause: error,
    })
  }
  throw error
}

// Manual, appendix A.
const INSUFFICIENT_PRIVILEGE = '42501'
/** Class 53: disk full, out of memory. */
const INSUFFICIENT_RESOURCES = /^53/

/** It says nothing of the archive. */
function cannotRestore(missing: readonly string[]): RaingaugeError {
  const names = missing.join(', ')
  return new RaingaugeError('scratch.unavailable', `no scratch Postgres has the extension ${names}`, {
    remedy:
      `name one that has it in scratch.url or DATABASE_URL_SCRATCH (PGlite cannot load an archive), ` +
      `or restore where it is installed: raingauge restore`,
  })
}

async function compareWithRecorded(
  target: Target,
  record: GoodRecord,
  recorded: Catalog | null,
  context: JobContext,
): Promise<string> {
  const { manifest } = record
  return await withSnapshot(
    target,
    'comparing the restored database',
    async (client) => {
      const ledger = manifest.ledger === null ? null : await readLedger(client, context.ledger)
      if (ledger !== null && ledgerDigest(ledger).sha256 !== manifest.ledger?.sha256) {
        throw different(record, `the ledger ${ledger.name.schema}.${ledger.name.table} is not as it was`)
      }
      const live = await readLive(client, ledger?.name ?? context.ledger)
      const differences =
        recorded === null
          ? []
          : schemaFindings('the restored copy', diffCatalogs(withoutRights(recorded), withoutRights(live.catalog)))
      if (differences.length > 0) {
        const [first] = differences
        throw different(record, `${differences.length} differences in the catalog, first: ${first?.summary}`)
      }
      return live.serverVersion
    },
    { signal: context.signal },
  )
}

async function readRecordedCatalog({ manifest }: GoodRecord, { store, identity }: JobContext): Promise<Catalog | null> {
  const kept = await readKeptCatalog(store, manifest, await identity())
  return kept === null ? null : decodeCatalog(kept)
}

function different(record: GoodRecord, what: string): RaingaugeError {
  return new RaingaugeError('archive.restore', `${record.location}, restored: ${what}`, {
    remedy: 'do not lean on this archive: make another one, and report this',
  })
}
