// Brings an archive back into a database, whole or in part, over one connection or several, without pg_restore.
import type pg from 'pg'
import { RaingaugeError } from '../error.ts'
import { withClient } from '../postgres/client.ts'
import { describeTarget, type Target } from '../postgres/target.ts'
import type { ArchiveSource } from './archive-source.ts'
import { refuseCompressed } from './format/table-rows.ts'
import { describeEntry, qualifiedName, type TocEntry } from './format/toc-entry.ts'
import type { GlobalStatement } from './globals/globals.ts'
import { applyGlobals } from './restore/apply-globals.ts'
import { makeDurable } from './restore/make-durable.ts'
import { openArchive, type OpenArchive } from './restore/open-archive.ts'
import { chooseEntries, EVERYTHING, type Chosen, type RestoreChoice } from './restore/choose-entries.ts'
import { quietTriggers } from './restore/quiet-triggers.ts'
import { sessionSettings } from './restore/session-settings.ts'
import { refuseMissingRoles } from './restore/refuse-missing-roles.ts'
import { refuseFilledTables, refuseNonEmpty } from './restore/refuse-non-empty.ts'
import { RestoreCounter, type RestoreProgress } from './restore/restore-progress.ts'
import { RestoreSchedule } from './restore/restore-schedule.ts'
import { RestoreSession, type Restored, type SharedRestore } from './restore/restore-session.ts'
import { restoreTasks, splitEntries, type RestoreTask } from './restore/restore-tasks.ts'
import { workOff, type Worker } from './restore/session-team.ts'

export type RestoreOptions = Partial<RestoreChoice> & {
  /** Connections that work at the same time. Default 1. */
  jobs?: number
  /** Roles and settings to make first: those of globals.sql. Default none. */
  globals?: readonly GlobalStatement[]
  /** Also into a database that holds something already. Default false. */
  intoNonEmpty?: boolean
  signal?: AbortSignal | undefined
  progress?: (progress: RestoreProgress) => void
}

export type RestoreResult = Restored & {
  /** What nobody named, but the named tables need: restored without rows. */
  alongside: string[]
  /** What has to do with the named tables, and was not restored. */
  leftOut: string[]
  /** Uncompressed bytes of data that were restored. */
  bytes: number
  durationMs: number
}

/**
 * Restores a custom-format archive into an empty database: what pg_restore would do, by its rules, with each table's rows in a transaction
 * of their own. Drops nothing. Tablespaces and planner statistics are left to the server. What fails is thrown as `archive.restore` naming
 * the entry; `archive.corrupt`, `store.*` and `postgres.*` come through. Whatever it is, it says when the database is left incomplete.
 */
export async function restoreArchive(
  source: ArchiveSource,
  target: Target,
  options: RestoreOptions = {},
): Promise<RestoreResult> {
  const started = performance.now()
  const choice = { ...EVERYTHING, ...withoutUndefined(options) }
  const archive = await openArchive(source)
  try {
    if (choice.parts !== 'schema') refuseCompressed(archive.head)
    const chosen = chooseEntries(archive.head.entries, choice)
    const restore = new Restore(archive, target, chosen, choice, options)
    await restore.run()
    return { ...restore.result(), durationMs: Math.round(performance.now() - started) }
  } finally {
    await archive.close()
  }
}

class Restore {
  readonly #archive: OpenArchive
  readonly #target: Target
  readonly #chosen: Chosen
  readonly #choice: RestoreChoice
  readonly #options: RestoreOptions
  readonly #shared: SharedRestore
  readonly #counter: RestoreCounter
  #begun = false

  constructor(archive: OpenArchive, target: Target, chosen: Chosen, choice: RestoreChoice, options: RestoreOptions) {
    this.#archive = archive
    this.#target = target
    this.#chosen = chosen
    this.#choice = choice
    this.#options = options
    this.#counter = new RestoreCounter(options.progress)
    this.#shared = {
      entries: new Map(archive.head.entries.map((entry) => [entry.dumpId, entry])),
      owners: choice.owners,
      major: 0,
      mayExist: new Set(options.intoNonEmpty === true ? chosen.alongside : []),
      created: new Set(),
      restored: { tables: [], largeObjects: 0, statements: 0, skipped: [], kept: [] },
    }
  }

  async run(): Promise<void> {
    const { first, rest } = splitEntries(this.#chosen.entries)
    const jobs = Math.max(1, this.#options.jobs ?? 1)
    const groups = this.#archive.groups(new Set(rest.filter(({ hadDumper }) => hadDumper)), jobs === 1)
    const tasks = restoreTasks(this.#shared.entries, rest, groups)
    this.#counter.expect({
      totalBytes: this.#archive.bytesOf(groups),
      statements: first.length + tasks.length - groups.length,
    })
    try {
      const patience = { signal: this.#options.signal, queryTimeoutMs: 0 }
      await withClient(this.#target, 'restoring', (client) => this.#begin(client, first), patience)
      const schedule = new RestoreSchedule(tasks, { largestFirst: jobs > 1 })
      await workOff(this.#target, schedule, {
        jobs: Math.min(jobs, tasks.length),
        signal: this.#options.signal,
        hire: (client) => this.#hire(client, schedule),
      })
      await withClient(this.#target, 'restoring', makeDurable, patience)
    } catch (error) {
      throw this.#begun ? this.#incomplete(error) : error
    }
  }

  result(): Omit<RestoreResult, 'durationMs'> {
    const { alongside, leftOut } = this.#chosen
    const { restored } = this.#shared
    const places = new Map(this.#rows().map((entry, place) => [qualifiedName(entry), place]))
    const tables = restored.tables.toSorted((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0))
    return {
      ...restored,
      tables,
      alongside: alongside.map(describeEntry),
      leftOut: leftOut.map(describeEntry),
      bytes: this.#counter.bytes,
    }
  }

  async #begin(client: pg.Client, first: Chosen['entries']): Promise<void> {
    await this.#refuse(client)
    await applyGlobals(client, this.#target, this.#options.globals ?? [])
    if (this.#choice.owners) await refuseMissingRoles(client, this.#target, this.#chosen.entries)
    await this.#settle(client)
    const session = new RestoreSession(client, this.#shared)
    this.#begun = true
    for (const entry of first) {
      this.#options.signal?.throwIfAborted()
      await session.make(entry)
      this.#counter.made(entry)
    }
  }

  async #refuse(client: pg.Client): Promise<void> {
    if (this.#options.intoNonEmpty === true) return
    if (this.#choice.parts !== 'data') return await refuseNonEmpty(client, this.#target)
    await refuseFilledTables(client, this.#target, this.#rows())
  }

  async #settle(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ version: number }>(
      `SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS version`,
    )
    const { entries } = this.#archive.head
    this.#shared.major = Math.floor((rows[0]?.version ?? 0) / 10_000)
    for (const each of sessionSettings(entries, rows[0]?.version ?? 0)) await client.query(each)
    if (this.#choice.parts === 'data') await quietTriggers(client, this.#target, this.#rows())
  }

  async #hire(client: pg.Client, schedule: RestoreSchedule): Promise<Worker> {
    await this.#settle(client)
    const session = new RestoreSession(client, this.#shared)
    return async (task) => {
      try {
        await this.#perform(session, task, schedule)
      } finally {
        await session.cancel()
      }
    }
  }

  async #perform(session: RestoreSession, { work }: RestoreTask, schedule: RestoreSchedule): Promise<void> {
    switch (work.kind) {
      case 'make':
        await session.make(work.entry)
        return this.#counter.made(work.entry)
      case 'load': {
        const wanted = new Set(work.group.wanted)
        let passing = false
        for await (const event of this.#archive.events(work.group)) {
          this.#options.signal?.throwIfAborted()
          if (event.kind === 'progress') this.#counter.read(work.group, event.bytes)
          if (event.kind === 'block-start') passing = !wanted.has(event.entry)
          if (passing) continue
          await session.take(event)
          if (event.kind === 'block-end') schedule.made(event.entry.dumpId)
        }
        return
      }
      default:
        throw work satisfies never
    }
  }

  #rows(): TocEntry[] {
    return this.#chosen.entries.filter(({ desc }) => desc === 'TABLE DATA')
  }

  /** A person must know that what is there now is not the whole. */
  #incomplete(error: unknown): unknown {
    if (!(error instanceof RaingaugeError)) return error
    const done = `the rows of ${this.#shared.restored.tables.length} of ${this.#rows().length} tables`
    const state = `${describeTarget(this.#target)} is left incomplete, with ${done}`
    const { serverVersion } = this.#archive.head.header
    const older = this.#shared.major < Number.parseInt(serverVersion, 10)
    const versions = older
      ? ` (the archive is of PostgreSQL ${serverVersion}, this server is ${this.#shared.major})`
      : ''
    return new RaingaugeError(error.code, `${error.message}${versions}; ${state}`, {
      remedy: older ? 'restore into a server that is not older than the one the archive came from' : error.remedy,
      cause: error.cause ?? error,
    })
  }
}

function withoutUndefined({ parts, tables, schemas, owners }: RestoreOptions): Partial<RestoreChoice> {
  return {
    ...(parts === undefined ? {} : { parts }),
    ...(tables === undefined ? {} : { tables }),
    ...(schemas === undefined ? {} : { schemas }),
    ...(owners === undefined ? {} : { owners }),
  }
}
