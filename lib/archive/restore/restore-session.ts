// One connection that brings an archive back, event by event: PostgreSQL's RestoreArchive and restore_toc_entry, without pg_restore.
import pg from 'pg'
import { RaingaugeError } from '../../error.ts'
import { describeEntry, isTableData, qualifiedName, type TocEntry } from '../format/toc-entry.ts'
import type { Head } from '../format/read-head.ts'
import type { ArchiveEvent } from './archive-events.ts'
import { CopyIn } from './copy-in.ts'
import { entryStatements, isWanted, LATER_PASSES, loadsViaRoot, qualified, restorePass } from './entry-statements.ts'
import { LargeObjectIn } from './large-object-in.ts'
import { sessionSettings } from './session-settings.ts'

export type Restored = {
  tables: { name: string; rows: number }[]
  statements: number
  /** Comments on extensions that only the extension's owner may make, and this role is not. */
  skipped: string[]
}

/**
 * Takes the events of an archive in order. Before the data of a table, everything that stands before it in the table of contents
 * is made; `finish` makes the rest. Each table's rows are one transaction.
 */
export class RestoreSession {
  readonly #client: pg.Client
  readonly #owners: boolean
  readonly #restored: Restored = { tables: [], statements: 0, skipped: [] }
  readonly #created = new Set<number>()
  #entries: TocEntry[] = []
  #byId = new Map<number, TocEntry>()
  #places = new Map<number, number>()
  #next = 0
  #tableAm = ''
  #sink: CopyIn | LargeObjectIn | undefined
  #current: TocEntry | undefined

  constructor(client: pg.Client, options: { owners: boolean }) {
    this.#client = client
    this.#owners = options.owners
  }

  async take(event: ArchiveEvent): Promise<void> {
    switch (event.kind) {
      case 'head':
        return await this.#begin(event.head)
      case 'block-start':
        return await this.#startBlock(event.entry)
      case 'large-object':
        return await this.#during(async () => (this.#sink as LargeObjectIn).open(event.oid))
      case 'data':
        return await this.#during(async () => this.#sink?.write(event.bytes))
      case 'block-end':
        return await this.#endBlock(event.entry)
      case 'progress':
        return
      default:
        throw event satisfies never
    }
  }

  /** After the last event: constraints and indexes, then the passes that must wait for them. */
  async finish(): Promise<Restored> {
    await this.#reach(this.#entries.length)
    for (const pass of LATER_PASSES) {
      for (const entry of this.#entries) {
        if (restorePass(entry) === pass && isWanted(entry, this.#owners)) await this.#make(entry)
      }
    }
    return this.#restored
  }

  /** Leaves nothing half-way on the connection. */
  async cancel(): Promise<void> {
    if (this.#sink instanceof CopyIn) await this.#sink.cancel()
  }

  async #begin(head: Head): Promise<void> {
    this.#entries = head.entries
    this.#byId = new Map(head.entries.map((entry) => [entry.dumpId, entry]))
    this.#places = new Map(head.entries.map((entry, place) => [entry.dumpId, place]))
    const { rows } = await this.#client.query<{ version: number }>(
      `SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS version`,
    )
    for (const statement of sessionSettings(head.entries, rows[0]?.version ?? 0)) await this.#client.query(statement)
  }

  /** Makes what stands before the entry at `end` and is due in the main pass. */
  async #reach(end: number): Promise<void> {
    for (; this.#next < end; this.#next++) {
      const entry = this.#entries[this.#next] as TocEntry
      if (!entry.hadDumper && restorePass(entry) === 'main' && isWanted(entry, this.#owners)) await this.#make(entry)
    }
  }

  async #make(entry: TocEntry): Promise<void> {
    this.#current = entry
    await this.#selectTableAm(entry)
    for (const statement of entryStatements(entry, this.#byId, { owners: this.#owners })) {
      if (await this.#commentOnExtension(entry, statement)) continue
      await this.#during(() => this.#client.query(statement))
      this.#restored.statements++
    }
    if (entry.desc === 'TABLE') this.#created.add(entry.dumpId)
    this.#current = undefined
  }

  /** Makes a comment on an extension, unless the server keeps that to its own superuser. True for such an entry. */
  async #commentOnExtension(entry: TocEntry, statement: string): Promise<boolean> {
    if (entry.desc !== 'COMMENT' || !entry.tag.startsWith('EXTENSION ')) return false
    try {
      await this.#client.query(statement)
      this.#restored.statements++
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== '42501') throw restoreError(entry, error)
      this.#restored.skipped.push(describeEntry(entry))
    }
    return true
  }

  async #selectTableAm(entry: TocEntry): Promise<void> {
    if (entry.tableAm === '' || entry.tableAm === this.#tableAm || entry.relkind === 'p') return
    await this.#during(() =>
      this.#client.query(`SET default_table_access_method = ${pg.escapeIdentifier(entry.tableAm)}`),
    )
    this.#tableAm = entry.tableAm
  }

  async #startBlock(entry: TocEntry): Promise<void> {
    await this.#reach(this.#places.get(entry.dumpId) ?? 0)
    this.#current = entry
    await this.#during(async () => {
      if (entry.desc === 'BLOBS') {
        await this.#client.query('BEGIN')
        this.#sink = new LargeObjectIn(this.#client)
      } else if (isTableData(entry)) {
        await this.#client.query('BEGIN')
        await this.#emptyNewTable(entry)
        this.#sink = new CopyIn(this.#client, entry.copyStmt)
      } else {
        throw new RaingaugeError('archive.restore', `${describeEntry(entry)} is not kept as COPY text`, {
          remedy: 'make the archive without --inserts, or use pg_restore',
        })
      }
    })
  }

  /** A table that was emptied in the same transaction needs no write-ahead log where wal_level is minimal (manual, 14.4.7). */
  async #emptyNewTable(entry: TocEntry): Promise<void> {
    const table = this.#byId.get(entry.dependencies[0] ?? 0)
    if (table === undefined || !this.#created.has(table.dumpId) || loadsViaRoot(entry)) return
    await this.#client.query(`TRUNCATE TABLE ONLY ${qualified(table)}`)
  }

  async #endBlock(entry: TocEntry): Promise<void> {
    await this.#during(async () => {
      const sink = this.#sink
      if (sink instanceof CopyIn) {
        const rows = await sink.finish(qualifiedName(entry))
        this.#restored.tables.push({ name: qualifiedName(entry), rows })
      } else {
        await sink?.close()
      }
      this.#sink = undefined
      await this.#client.query('COMMIT')
    })
    this.#current = undefined
  }

  async #during(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      throw restoreError(this.#current, error)
    }
  }
}

/** Names the entry, unless the connection itself was lost. */
function restoreError(entry: TocEntry | undefined, error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError) || entry === undefined) return error
  // Class 57 is "Operator Intervention", class 08 "Connection Exception".
  if (/^(?:57|08)/.test(error.code ?? '')) return error
  const place = error.where === undefined ? '' : ` (${error.where})`
  return new RaingaugeError('archive.restore', `restoring ${describeEntry(entry)}: ${error.message}${place}`, {
    remedy:
      REMEDIES[error.code ?? ''] ??
      'restore into an empty database of a server that is not older than the one it came from',
    cause: error,
  })
}

/** What a person can do about the commonest errors, by SQLSTATE (manual, appendix A). */
const REMEDIES: Record<string, string> = {
  '42704': 'create the role or the object that the message names first',
  '0A000': 'restore into a server that has what the message names, such as the extension',
  '58P01': 'restore into a server that has what the message names, such as the extension',
  '42501': 'restore as a role that may do what the message names',
  '42P06': 'restore into an empty database',
  '42P07': 'restore into an empty database',
  '42710': 'restore into an empty database',
  '42723': 'restore into an empty database',
}
