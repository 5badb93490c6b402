// Could we get it back? First half: an archive of every environment, of one moment, read back from the store.
import { randomBytes } from 'node:crypto'
import { wasmDump } from '../archive/engine/wasm-dump.ts'
import { findArchive, toSummary, type GoodRecord } from '../archive/list-archives.ts'
import { verifyArchive } from '../archive/verify-archive.ts'
import { writeArchive } from '../archive/write-archive.ts'
import { hasCode, RaingaugeError } from '../error.ts'
import { finding, type Verdict } from '../finding.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { readLedger } from '../ledger/read-ledger.ts'
import { withSnapshot, type Queryable } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import type { ArchiveSummary, Run } from '../run.ts'
import { encodeCatalog, fingerprint } from '../schema/catalog.ts'
import { readLive } from '../schema/read-live.ts'
import { archiveId } from '../store/keys.ts'
import { atMostEvery } from './at-most-every.ts'
import type { JobContext } from './context.ts'
import { explain, judge } from './judge.ts'
import { ledgerDigest } from './ledger-head.ts'
import { startRun } from './start-run.ts'
import { watchArchives } from './watch-archives.ts'

const PROGRESS_MS = 2_000

/** Backs up one environment after the other: two at once would only take each other's bandwidth. */
export async function runBackup(context: JobContext): Promise<Run> {
  const finish = startRun(context, 'backup')
  const verdicts: Verdict[] = []
  const archives: ArchiveSummary[] = []
  for (const { name, target } of context.environments) {
    verdicts.push(
      await judge('archive', name, context.signal, async () => {
        try {
          archives.push(await backUp(name, await target(), context))
        } catch (error) {
          // It was written, and is not what was written: the store says so, too.
          if (!hasCode(error, 'archive.corrupt')) {
            const summary = explain(error)
            const failed = finding(name, 'archive.failed', { subject: { class: 'archive', name }, summary })
            return { findings: [failed], incomplete: summary }
          }
        }
        const { findings } = await watchArchives(name, context)
        return { findings }
      }),
    )
  }
  return finish({ verdicts, archives, ledgers: [] })
}

async function backUp(environment: string, target: Target, context: JobContext): Promise<ArchiveSummary> {
  const { project, store, signal, now } = context
  const id = archiveId(now(), randomBytes(4))
  context.progress(`${environment}: backing up`)
  await withSnapshot(
    target,
    'backing up',
    async (client) => {
      // What is read here and what pg_dump reads are of the same moment, so that a drill can compare them to the row.
      const { rows } = await client.query<{ snapshot: string }>('SELECT pg_catalog.pg_export_snapshot() AS snapshot')
      const ledger = await readLedgerIfAny(client, context)
      const live = await readLive(client, ledger?.name ?? context.ledger)
      await writeArchive(
        { store, now },
        {
          project,
          environment,
          id,
          raingauge: context.version,
          dump: wasmDump({ target, snapshot: rows[0]?.snapshot, signal }),
          server: { version: live.serverVersion, database: target.database },
          catalog: { bytes: encodeCatalog(live.catalog), fingerprint: fingerprint(live.catalog) },
          ledger: ledger === null ? null : ledgerDigest(ledger),
          roles: live.roles,
          signal,
          progress: atMostEvery(PROGRESS_MS, (bytes: number) =>
            context.progress(`${environment}: backing up, ${(bytes / 1e6).toFixed(1)} MB`),
          ),
        },
      )
    },
    { signal },
  )
  context.progress(`${environment}: reading the archive back`)
  await verifyArchive(store, await theArchive(environment, id, context), now, { signal })
  return toSummary(await theArchive(environment, id, context))
}

/** A database without a ledger is worth backing up all the same; that it has none is for the check to say. */
async function readLedgerIfAny(client: Queryable, context: JobContext): Promise<Ledger | null> {
  try {
    return await readLedger(client, context.ledger)
  } catch (error) {
    if (hasCode(error, 'ledger.missing', 'ledger.invalid')) return null
    throw error
  }
}

async function theArchive(environment: string, id: string, { store, project }: JobContext): Promise<GoodRecord> {
  const record = await findArchive(store, project, environment, id)
  if (record?.kind === 'archive') return record
  throw record?.reason ?? new RaingaugeError('archive.not-found', `the archive ${id} was written and is not there`)
}
