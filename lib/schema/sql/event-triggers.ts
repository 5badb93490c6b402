import { qualifiedName } from '../catalog.ts'
import { anyRow, commentOn, facts, notOfExtension, procedureName, type CatalogQuery } from './catalog-query.ts'

type EventTriggerRow = {
  name: string
  event: string
  tags: string[] | null
  function: string
  firing: string | null
  comment: string | null
}

/** Event triggers (pg_event_trigger): they belong to the database. */
export const eventTriggers: CatalogQuery<EventTriggerRow> = {
  inUse: anyRow('pg_event_trigger'),
  sql: `SELECT v.evtname AS name, v.evtevent AS event, ${procedureName('v.evtfoid')} AS function, comment.description AS comment,
     CASE WHEN v.evttags IS NOT NULL THEN ARRAY(SELECT tag FROM pg_catalog.unnest(v.evttags) tag ORDER BY tag COLLATE "C") END AS tags,
     CASE v.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' END AS firing
   FROM pg_catalog.pg_event_trigger v ${commentOn('pg_event_trigger', 'v.oid')}
   WHERE ${notOfExtension('pg_event_trigger', 'v.oid')}`,
  object: ({ name, ...row }) => ({
    class: 'event trigger',
    name: qualifiedName([name]),
    path: [name],
    attributes: facts(row),
  }),
}
