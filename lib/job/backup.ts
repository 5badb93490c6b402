// Could we get it back? First half: an archive of every environment, of one moment, read back from the store.
import { randomBytes } from 'node:crypto'
import { openDump } from '../archive/engine/open-dump.ts'
import { findOfSlot } from '../archive/find-of-slot.ts'
import { formatGlobals } from '../archive/globals/globals-file.ts'
import { readGlobals } from '../archive/globals/read-globals.ts'
import { outgrownByBackups } from '../archive/forecast.ts'
import { findArchive, toSummary, type GoodRecord } from '../archive/list-archives.ts'
import { verifyArchive } from '../archive/verify-archive.ts'
import { writeArchive } from '../archive/write-archive.ts'
import { hasCode, RaingaugeError } from '../error.ts'
import { archiveFinding, oncePerId, type Finding, type Verdict } from '../finding.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { readLedger } from '../ledger/read-ledger.ts'
import { withSnapshot, type Queryable } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import type { ArchiveSummary, Run } from '../run.ts'
import { encodeCatalog, fingerprint } from '../schema/catalog.ts'
import { readLive } from '../schema/read-live.ts'
import { archiveId, slotBytes } from '../store/keys.ts'
import { asOnlyBackup, heldNote } from './as-only-backup.ts'
import { atMostEvery } from './at-most-every.ts'
import { cleanUp } from './clean-up.ts'
import type { JobContext } from './context.ts'
import { explain, judge } from './judge.ts'
import { ledgerDigest } from './ledger-head.ts'
import { lockWritten } from './lock-written.ts'
import { startRun } from './start-run.ts'
import { watchArchives } from './watch-archives.ts'

/** The transaction that holds the snapshot may last as long as the dump; PostgreSQL 17 has a limit for that, others do not know it. */
const EXPORT_SNAPSHOT = `
  SELECT pg_catalog.pg_export_snapshot() AS snapshot,
    pg_catalog.pg_database_size(pg_catalog.current_database())::float8 AS bytes,
    (SELECT pg_catalog.set_config(name, '0', true) FROM pg_catalog.pg_settings WHERE name = 'transaction_timeout')`

const PROGRESS_MS = 2_000

/**
 * Backs up one environment after the other: two at once would only take each other's bandwidth. An environment that another run is
 * backing up gets a note and no verdict, which is for that run to give. `slot` is when the schedule wanted this run: the same slot
 * makes one archive, however often it is run.
 */
export async function runBackup(context: JobContext, slot: Date | null = null): Promise<Run> {
  const finish = startRun(context, 'backup')
  const verdicts: Verdict[] = []
  const archives: ArchiveSummary[] = []
  const notes = new Map<string, string>()
  for (const { name, target, backupTarget = target } of context.environments) {
    const judged = await judge('archive', name, context.signal, async () => {
      const left: Finding[] = []
      try {
        const { held } = await asOnlyBackup(name, context, async (inside) => {
          left.push(...(await cleanUp(name, inside)))
          const written = await archiveOf(name, backupTarget, inside, slot)
          archives.push(written)
          left.push(...(await lockWritten(name, written.id, inside)))
        })
        if (held !== null) {
          notes.set(name, heldNote(name, held))
          return { findings: [] }
        }
      } catch (error) {
        // It was written, and is not what was written: the store says so, too.
        if (!hasCode(error, 'archive.corrupt')) {
          const summary = explain(error)
          const failed = archiveFinding(name, 'archive.failed', summary)
          return { findings: [failed, ...left], incomplete: summary }
        }
      }
      const { records, findings } = await watchArchives(name, context)
      const good = records.filter((record) => record.kind === 'archive')
      const ahead = context.limits === undefined ? [] : outgrownByBackups(name, good, context.limits, context.now())
      // Of one matter, who did it knows more than who sees it.
      return { findings: oncePerId([...findings, ...ahead, ...left]) }
    })
    if (!notes.has(name)) verdicts.push(judged)
  }
  return finish({ verdicts, archives, ledgers: [], ...(notes.size === 0 ? {} : { notes: [...notes.values()] }) })
}

/** The archive of the slot, which an earlier run may have written already; what is missing of its proof is made up for. */
async function archiveOf(
  environment: string,
  target: () => Promise<Target>,
  context: JobContext,
  slot: Date | null,
): Promise<ArchiveSummary> {
  const { project, store, now, progress } = context
  if (slot === null) return await backUp(environment, await target(), context, archiveId(now(), randomBytes(4)))
  const done = await findOfSlot(store, project, environment, slot)
  if (done === null) {
    const id = archiveId(now(), slotBytes(project, environment, slot))
    return await backUp(environment, await target(), context, id)
  }
  progress(`${environment}: the slot ${slot.toISOString()} has its archive already: ${done.id}`)
  return done.trust === 'uploaded' ? await readBack(environment, done.id, context) : toSummary(done)
}

async function backUp(environment: string, target: Target, context: JobContext, id: string): Promise<ArchiveSummary> {
  const { project, store, signal, now } = context
  context.progress(`${environment}: backing up`)
  await withSnapshot(
    target,
    'backing up',
    async (client) => {
      // What is read here and what pg_dump reads are of the same moment, so that a drill can compare them to the row.
      const started = performance.now()
      const { rows } = await client.query<{ snapshot: string; bytes: number }>(EXPORT_SNAPSHOT)
      const ledger = await readLedgerIfAny(client, context)
      const live = await readLive(client, ledger?.name ?? context.ledger)
      const print = fingerprint(live.catalog)
      const globals = formatGlobals(await readGlobals(client))
      const request = { target, snapshot: rows[0]?.snapshot, signal, lend: true }
      await writeArchive(
        { store, now },
        {
          project,
          environment,
          id,
          raingauge: context.version,
          dump: await openDump(context.dumpEngine, request, live.major),
          server: { version: live.serverVersion, database: target.database },
          catalog: { bytes: encodeCatalog(live.catalog, print), fingerprint: print },
          ledger: ledger === null ? null : ledgerDigest(ledger),
          roles: live.roles,
          globals,
          durations: { snapshot: Math.round(performance.now() - started) },
          recipients: context.archivePolicy.recipients,
          // Compressed, few databases keep more than half their size.
          expectedBytes: (rows[0]?.bytes ?? 0) / 2,
          signal,
          progress: atMostEvery(PROGRESS_MS, (bytes: number) =>
            context.progress(`${environment}: backing up, ${(bytes / 1e6).toFixed(1)} MB`),
          ),
        },
      )
    },
    { signal },
  )
  return await readBack(environment, id, context)
}

async function readBack(environment: string, id: string, context: JobContext): Promise<ArchiveSummary> {
  context.progress(`${environment}: reading the archive back`)
  const { store, now, signal } = context
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
