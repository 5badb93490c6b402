// One connection that makes what an archive holds: restore_toc_entry of PostgreSQL's pg_backup_archiver.c, without pg_restore.
import pg from 'pg'
import { RaingaugeError } from '../../error.ts'
import { describeEntry, isTableData, qualifiedName, type TocEntry } from '../format/toc-entry.ts'
import type { ArchiveEvent } from './archive-events.ts'
import { CopyIn } from './copy-in.ts'
import { entryStatements, loadsViaRoot, qualified } from './entry-statements.ts'
import { forServer } from './for-server.ts'
import { LargeObjectIn } from './large-object-in.ts'
import { isDuplicate, restoreError } from './restore-error.ts'

/** What all connections of a restore have done so far. */
export type Restored = {
  tables: { name: string; rows: number }[]
  largeObjects: number
  statements: number
  /** Comments on extensions that only the extension's owner may make, and this role is not. */
  skipped: string[]
  /** What was there already and may be so: left as it is. */
  kept: string[]
}

/** What the connections of one restore share. */
export type SharedRestore = {
  entries: ReadonlyMap<number, TocEntry>
  owners: boolean
  /** May be there already. */
  mayExist: ReadonlySet<TocEntry>
  /** Major of the server that is restored into. */
  major: number
  /** Numbers of the tables that this restore made. */
  created: Set<number>
  restored: Restored
}

export class RestoreSession {
  readonly #client: pg.Client
  readonly #shared: SharedRestore
  #tableAm = ''
  #sink: CopyIn | LargeObjectIn | undefined
  #current: TocEntry | undefined

  constructor(client: pg.Client, shared: SharedRestore) {
    this.#client = client
    this.#shared = shared
  }

  /** Makes what the entry defines. Throws `archive.restore` naming it. */
  async make(entry: TocEntry): Promise<void> {
    const { entries, owners, major, created, restored, mayExist } = this.#shared
    await this.#during(entry, async () => {
      await this.#selectTableAm(entry)
      const statements = entryStatements(entry, entries, { owners })
      for (const statement of statements.flatMap((each) => forServer(entry, each, major))) {
        try {
          await this.#client.query(statement)
          restored.statements++
        } catch (error) {
          if (mayExist.has(entry) && isDuplicate(error)) {
            restored.kept.push(describeEntry(entry))
            return
          }
          if (!isForOwnersOfExtension(entry, error)) throw error
          restored.skipped.push(describeEntry(entry))
        }
      }
      if (entry.desc === 'TABLE') created.add(entry.dumpId)
    })
  }

  /** Takes what a reader tells of the data, in order; each table's rows are one transaction. Throws `archive.restore` naming the table. */
  async take(event: ArchiveEvent): Promise<void> {
    switch (event.kind) {
      case 'block-start':
        this.#current = event.entry
        return await this.#during(event.entry, () => this.#startBlock(event.entry))
      case 'large-object':
        return await this.#inBlock(async () => (this.#sink as LargeObjectIn).open(event.oid))
      case 'data':
        return await this.#inBlock(async () => this.#sink?.write(event.bytes))
      case 'block-end':
        return await this.#during(event.entry, () => this.#endBlock(event.entry))
      case 'head':
      case 'progress':
        return
      default:
        throw event satisfies never
    }
  }

  /** Leaves nothing half-way on the connection. */
  async cancel(): Promise<void> {
    if (this.#sink instanceof CopyIn) await this.#sink.cancel()
  }

  async #selectTableAm(entry: TocEntry): Promise<void> {
    if (entry.tableAm === '' || entry.tableAm === this.#tableAm || entry.relkind === 'p') return
    await this.#client.query(`SET default_table_access_method = ${pg.escapeIdentifier(entry.tableAm)}`)
    this.#tableAm = entry.tableAm
  }

  async #startBlock(entry: TocEntry): Promise<void> {
    if (entry.desc === 'BLOBS') {
      await this.#client.query('BEGIN')
      this.#sink = new LargeObjectIn(this.#client)
    } else if (isTableData(entry)) {
      await this.#client.query('BEGIN')
      this.#sink = new CopyIn(this.#client, await this.#copyStatement(entry))
    } else {
      throw new RaingaugeError('archive.restore', `${describeEntry(entry)} is not kept as COPY text`, {
        remedy: 'make the archive without --inserts, or use pg_restore',
      })
    }
  }

  /**
   * A table that was emptied in the same transaction needs no write-ahead log where wal_level is minimal (manual, 14.4.7), and its rows
   * can be written as everybody sees them (COPY, FREEZE): no index build and no vacuum must write them a second time.
   */
  async #copyStatement(entry: TocEntry): Promise<string> {
    const table = this.#shared.entries.get(entry.dependencies[0] ?? 0)
    const isNew = table !== undefined && this.#shared.created.has(table.dumpId) && !loadsViaRoot(entry)
    if (!isNew) return entry.copyStmt
    await this.#client.query(`TRUNCATE TABLE ONLY ${qualified(table)}`)
    return entry.copyStmt.replace(/ FROM stdin;\s*$/, ' FROM stdin WITH (FREEZE);')
  }

  async #endBlock(entry: TocEntry): Promise<void> {
    const { restored } = this.#shared
    const sink = this.#sink
    if (sink instanceof CopyIn) {
      const rows = await sink.finish(qualifiedName(entry))
      await this.#client.query('COMMIT')
      restored.tables.push({ name: qualifiedName(entry), rows })
    } else {
      await sink?.close()
      await this.#client.query('COMMIT')
      restored.largeObjects += sink?.objects ?? 0
    }
    this.#sink = undefined
    this.#current = undefined
  }

  async #inBlock(work: () => Promise<unknown>): Promise<void> {
    if (this.#current !== undefined) await this.#during(this.#current, work)
  }

  async #during(entry: TocEntry, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      throw restoreError(entry, error)
    }
  }
}

/** Some servers keep comments on extensions to their own superuser. */
function isForOwnersOfExtension(entry: TocEntry, error: unknown): boolean {
  const remark = entry.desc === 'COMMENT' && entry.tag.startsWith('EXTENSION ')
  return remark && error instanceof pg.DatabaseError && error.code === '42501'
}
