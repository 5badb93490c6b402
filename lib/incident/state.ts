// The document that remembers incidents between runs: one per project and environment, in the store.
import { z } from 'zod'
import { RaingaugeError } from '../error.ts'
import { FINDING_KINDS, type FindingKind } from '../finding.ts'
import { JOB_NAMES } from '../run.ts'

const findingKind = z.enum(Object.keys(FINDING_KINDS) as [FindingKind, ...FindingKind[]])
const time = z.iso.datetime()

const incident = z.object({
  /** The id of its finding, or of the check that could not look ({@link unknownId}). */
  id: z.string().min(1),
  check: z.enum(['ledger', 'folder', 'schema', 'archive']),
  environment: z.string().nullable(),
  /** What saw it last. */
  job: z.enum(JOB_NAMES),
  /** `unknown`: the check could not look. */
  kind: z.union([findingKind, z.literal('unknown')]),
  severity: z.enum(['critical', 'warning', 'info']),
  /** The finding's line, or why the check could not look; as it was when last seen. */
  summary: z.string(),
  /** Changes when the answer does: see {@link fingerprint} in incident.ts. */
  fingerprint: z.string(),
  firstSeen: time,
  lastSeen: time,
  lastTold: time,
  /** Reminders since it was opened or last changed. */
  reminders: z.int().nonnegative(),
  /** Looks in a row that did not see it any more. */
  cleanLooks: z.int().nonnegative(),
})

const notice = z.discriminatedUnion('what', [
  z.object({ what: z.literal('opened'), incident }),
  z.object({ what: z.literal('changed'), incident, before: incident }),
  z.object({ what: z.literal('reminded'), incident }),
  z.object({ what: z.literal('resolved'), incident }),
])

const state = z.object({
  version: z.literal(1),
  updatedAt: time,
  incidents: z.record(z.string(), incident),
  /** What nobody was told yet, as far as this document knows: the outbox. */
  owed: z.array(z.object({ since: time, notice })),
})

/** The life of one finding, or of one check that cannot look, over runs. Times in ISO 8601. */
export type Incident = z.infer<typeof incident>

/** One thing to tell people. `before` is what they were told last; `incident` is what holds now, or held until now. */
export type Notice = z.infer<typeof notice>

/** All open incidents of one environment of one project. */
export type IncidentState = z.infer<typeof state>

/** The state in these bytes. Throws `store.corrupt`, naming `place`, when they are no state that this version can read. */
export function parseState(bytes: Uint8Array, place: string): IncidentState {
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw corrupt(place, 'not JSON', cause)
  }
  const parsed = state.safeParse(document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw corrupt(place, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, parsed.error)
  }
  return parsed.data
}

/** The state as it is stored: small changes give small diffs. */
export function serializeState(value: IncidentState): string {
  return `${JSON.stringify(value, undefined, 1)}\n`
}

function corrupt(place: string, why: string, cause: unknown): RaingaugeError {
  return new RaingaugeError('store.corrupt', `the incident state at ${place} cannot be read: ${why}`, {
    remedy: 'it was put aside or written by another version; delete it to begin anew',
    cause,
  })
}
