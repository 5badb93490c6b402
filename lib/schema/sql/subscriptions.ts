import { qualifiedName } from '../catalog.ts'
import { anyRow, commentOn, facts, OWN_DATABASE, type CatalogQuery } from './catalog-query.ts'

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
  origin: string | null
  withoutPassword: boolean | null
  runAsOwner: boolean | null
  failover: boolean | null
  comment: string | null
}

/**
 * Subscriptions, by the columns that every role may read: never the connection, which may hold a password. What an older major has
 * no column for (three came with 16, failover with 17) is found one scope further out, where it is NULL: a row as a whole may not be read.
 */
export const subscriptions: CatalogQuery<SubscriptionRow> = {
  inUse: anyRow('pg_subscription', `subdbid = ${OWN_DATABASE}`),
  sql: `SELECT s.subname AS name, NOT s.subenabled AS disabled, ARRAY(SELECT p FROM pg_catalog.unnest(s.subpublications) p ORDER BY 1) AS publications,
     s.subslotname AS slot, s.subsynccommit AS "synchronousCommit", s.subbinary AS binary, s.subtwophasestate <> 'd' AS "twoPhase",
     CASE s.substream::text WHEN 't' THEN 'on' WHEN 'true' THEN 'on' WHEN 'p' THEN 'parallel' END AS streaming, s.subdisableonerr AS "disableOnError",
     NULLIF(newer.origin, 'any') AS origin, NOT newer."passwordRequired" AS "withoutPassword", newer."runAsOwner", newer.failover,
     comment.description AS comment
   FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database b ON b.oid = s.subdbid
   CROSS JOIN (SELECT NULL::text AS suborigin, NULL::boolean AS subpasswordrequired, NULL::boolean AS subrunasowner, NULL::boolean AS subfailover) older
   CROSS JOIN LATERAL (SELECT suborigin AS origin, subpasswordrequired AS "passwordRequired", subrunasowner AS "runAsOwner", subfailover AS failover
     FROM pg_catalog.pg_subscription WHERE oid = s.oid) newer
   ${commentOn('pg_subscription', 's.oid')} WHERE b.datname = pg_catalog.current_database()`,
  object: ({ name, ...row }) => ({
    class: 'subscription',
    name: qualifiedName([name]),
    path: [name],
    attributes: facts(row),
  }),
}
