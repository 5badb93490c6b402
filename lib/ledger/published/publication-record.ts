// What is published of a project's migrations: one small document in the store, replaced on a condition, so that a publication is there whole or not at all.
import { z } from 'zod'
import { RaingaugeError } from '../../error.ts'
import { parseJson } from '../../parse-json.ts'
import { isPublicationId, publishedKey } from '../../store/keys.ts'
import type { Condition, Store } from '../../store/store.ts'

export type Publication = {
  id: string
  /** Of what is packed, in hexadecimal: whether two are the same. */
  sha256: string
  /** ISO 8601. */
  publishedAt: string
  /** The newest migration; null where there is none. */
  tag: string | null
  migrations: number
}

/** The newest first. `condition`: for {@link addPublication}, so that it replaces only what was read. */
export type PublicationRecord = { publications: Publication[]; condition: Condition }

/** Older ones are forgotten, and then removed. */
const KEPT = 20

const RECORD = z.object({
  publications: z.array(
    z.object({
      id: z.string().refine(isPublicationId),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      publishedAt: z.iso.datetime(),
      tag: z.string().nullable(),
      migrations: z.number(),
    }),
  ),
})

/**
 * The record. Throws `store.corrupt` for one that cannot be read, `store.unsupported` for one of a later Raingauge, and what the store
 * throws: that nothing is published must be known, never guessed.
 */
export async function readPublications(store: Store, project: string): Promise<PublicationRecord> {
  const key = publishedKey(project)
  const stored = await store.get(key)
  if (stored === null) return { publications: [], condition: 'absent' }
  const json = parseJson(stored.body.toString('utf8'))
  if (formatOf(json) > 1) {
    throw new RaingaugeError('store.unsupported', `${store.locate(key)} was written by a later Raingauge`, {
      remedy: 'bring this one up to date: deploy the stack again, from the version that publishes',
    })
  }
  const record = RECORD.safeParse(json)
  if (!record.success) {
    throw new RaingaugeError('store.corrupt', `${store.locate(key)} is no record of published migrations`, {
      remedy: 'delete it, and publish again: raingauge publish',
    })
  }
  return { publications: record.data.publications, condition: { etag: stored.etag } }
}

/** Puts a publication before all others. Throws `store.conflict` where another was quicker, and what the store throws. */
export async function addPublication(
  store: Store,
  project: string,
  { publications, condition }: PublicationRecord,
  newest: Publication,
): Promise<void> {
  const record = { format: 1, publications: [newest, ...publications].slice(0, KEPT) }
  await store.put(publishedKey(project), `${JSON.stringify(record, undefined, 2)}\n`, condition)
}

function formatOf(json: unknown): number {
  const { format } = (typeof json === 'object' && json !== null ? json : {}) as { format?: unknown }
  return typeof format === 'number' ? format : 1
}
