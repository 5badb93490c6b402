import type pg from 'pg'

/** A commit waits for all that was committed before it, by whatever session; this one writes a message that nobody reads. */
const COMMIT_WITH_WAL = `SELECT pg_catalog.pg_logical_emit_message(true, 'raingauge', 'restored')`

/**
 * Waits until everything that was restored would outlast a crash of the server, and is where its `synchronous_commit` wants it: the
 * sessions of a restore do not wait at each of thousands of small commits.
 */
export async function makeDurable(client: pg.Client): Promise<void> {
  await client.query(COMMIT_WITH_WAL)
}
