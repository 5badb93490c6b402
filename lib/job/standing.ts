// The last full read of an environment's schema, and what was made of it: it stands for as long as nothing that it hangs on moved.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { LedgerName } from '../config/config.ts'
import { hasCode } from '../error.ts'
import { storedFinding, storedIgnored } from '../finding-schema.ts'
import type { Migration } from '../ledger/folder.ts'
import { standingRules } from '../schema/apply-rules.ts'
import { EXTRACTOR_VERSION } from '../schema/extract-catalog.ts'
import type { Judged } from '../schema/judge-catalogs.ts'
import { stateKey } from '../store/keys.ts'
import type { Condition } from '../store/store.ts'
import type { JobContext } from './context.ts'
import { parseJson } from '../parse-json.ts'

/** However quiet a database is, its catalog is read whole this often, and must be what its change token says: the same. */
const FULL_READ_EVERY_MS = 24 * 3_600_000

export type Standing = {
  /** {@link standsFor} of what was seen then. */
  standsFor: string
  /** When the catalog was read whole, ISO 8601. */
  readAt: string
  /** Of the catalog as it was read. */
  fingerprint: string
  judged: Judged
}

/** `condition`: for {@link writeStanding}, so that it replaces only what was read. */
export type StoredStanding = { standing: Standing | null; condition: Condition }

const STANDING = z.strictObject({
  standsFor: z.string(),
  readAt: z.iso.datetime(),
  fingerprint: z.string(),
  judged: z.object({
    findings: z.array(storedFinding),
    ignored: z.array(storedIgnored),
  }),
})

type Seen = { environment: string; token: string; ledger: LedgerName; applied: readonly Migration[] }

/** SHA-256, in hexadecimal, over all that a schema verdict hangs on: equal for two looks, so is their verdict. */
export function standsFor(seen: Seen, context: Pick<JobContext, 'version' | 'schemaRules' | 'now'>): string {
  const { environment, token, ledger, applied } = seen
  const replayed = applied.map(({ tag, hash }) => [tag, hash])
  // A rule that expires today is another rule tomorrow.
  const { platform, roles } = context.schemaRules
  const rules = [standingRules(context.schemaRules, environment, context.now()), platform, roles]
  return createHash('sha256')
    .update(JSON.stringify([context.version, EXTRACTOR_VERSION, token, ledger, replayed, rules]))
    .digest('hex')
}

/** True where the full read is so young that it need not be done again. */
export function isFresh({ readAt }: Standing, now: Date): boolean {
  const age = now.getTime() - Date.parse(readAt)
  return age >= 0 && age < FULL_READ_EVERY_MS
}

/** What is stored of an environment; one that cannot be read is none, and is replaced. Throws what the store throws. */
export async function readStanding(
  environment: string,
  { store, project }: Pick<JobContext, 'store' | 'project'>,
): Promise<StoredStanding> {
  const stored = await store.get(standingKey(project, environment))
  if (stored === null) return { standing: null, condition: 'absent' }
  const parsed = STANDING.safeParse(parseJson(stored.body.toString('utf8')))
  return { standing: parsed.success ? parsed.data : null, condition: { etag: stored.etag } }
}

/** Keeps a full read. Where another run kept its own meanwhile, that one is as good. Throws what the store throws. */
export async function writeStanding(
  environment: string,
  standing: Standing,
  condition: Condition,
  { store, project }: Pick<JobContext, 'store' | 'project'>,
): Promise<void> {
  try {
    await store.put(standingKey(project, environment), JSON.stringify(standing), condition)
  } catch (error) {
    if (!hasCode(error, 'store.conflict')) throw error
  }
}

/** Where it is kept. Environments start with a letter or digit, so no environment's incidents have this key. */
export function standingKey(project: string, environment: string): string {
  return stateKey(project, `_schema-${environment}`)
}
