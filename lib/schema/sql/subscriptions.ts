import { qualifiedName } from '../catalog.ts'
import { anyRow, facts, OWN_DATABASE, type CatalogQuery } from './catalog-query.ts'

type SubscriptionRow = {
  name: string
  disabled: boolean
  publications: string[]
  slot: string | null
  synchronousCommit: string
  binary: boolean
  streaming: string | null
  twoPhase: boolean
  disableOnError: boolean
}

/** Subscriptions, by the columns that every role may read on every major: never the connection, which may hold a password. */
export const subscriptions: CatalogQuery<SubscriptionRow> = {
  inUse: anyRow('pg_subscription', `subdbid = ${OWN_DATABASE}`),
  sql: `SELECT s.subname AS name, NOT s.subenabled AS disabled, ARRAY(SELECT p FROM pg_catalog.unnest(s.subpublications) p ORDER BY 1) AS publications,
     s.subslotname AS slot, s.subsynccommit AS "synchronousCommit", s.subbinary AS binary, s.subtwophasestate <> 'd' AS "twoPhase",
     CASE s.substream::text WHEN 't' THEN 'on' WHEN 'true' THEN 'on' WHEN 'p' THEN 'parallel' END AS streaming, s.subdisableonerr AS "disableOnError"
   FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database b ON b.oid = s.subdbid WHERE b.datname = pg_catalog.current_database()`,
  object: ({ name, ...row }) => ({
    class: 'subscription',
    name: qualifiedName([name]),
    path: [name],
    attributes: facts(row),
  }),
}
