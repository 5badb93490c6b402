// Is the schema what the ledger proves it must be? Read whole, or known from the last full read where nothing moved since.
import { appliedMigrations } from '../ledger/applied-migrations.ts'
import { hasCode } from '../error.ts'
import type { Folder, Migration } from '../ledger/folder.ts'
import { fingerprint } from '../schema/catalog.ts'
import { emptiedOf } from '../schema/emptied.ts'
import { judgeCatalogs, type Judged } from '../schema/judge-catalogs.ts'
import { readBaseline } from '../schema/read-baseline.ts'
import type { Live } from '../schema/read-live.ts'
import { judgeBestHistory } from './best-history.ts'
import type { JobContext } from './context.ts'
import { explain, type Judgement } from './judge.ts'
import { otherHistories, type History } from './other-histories.ts'
import type { Glance, Look } from './look.ts'
import { editedWords, emptiedWords, lackingOf, lackingWords, unprovenRows } from './schema-unknown.ts'
import { isFresh, readStanding, standsFor, writeStanding, type Standing, type StoredStanding } from './standing.ts'
import { wantedBaseline } from './wanted-baseline.ts'

/** What is remembered of one environment, and a place for what hinders remembering: a run goes on without. */
export type Memory = { stored: Promise<StoredStanding>; problems: string[] }

/** Begins to fetch what is remembered. It never throws: what cannot be had is a problem of the run, and costs a full read. */
export function recall(environment: string, context: JobContext, problems: string[]): Memory {
  const nothing = (error: unknown): StoredStanding => {
    problems.push(`${environment}: the last full read of the schema cannot be had: ${explain(error)}`)
    return { standing: null, condition: undefined }
  }
  return { stored: readStanding(environment, context).catch(nothing), problems }
}

/** The last full read, where it is young and nothing that it hangs on moved since; else null. */
export async function findStanding(
  environment: string,
  glance: Glance,
  folder: Promise<Folder>,
  memory: Memory,
  context: JobContext,
): Promise<Standing | null> {
  const { standing } = await memory.stored
  if (standing === null || !isFresh(standing, context.now())) return null
  // A folder that cannot be read is told by its own check.
  const [read] = await Promise.allSettled([folder])
  if (read.status === 'rejected') return null
  const { applied, unproven } = appliedMigrations(glance.ledger, read.value)
  const same = unproven.length === 0 && standing.standsFor === keyOf(environment, glance, applied, context)
  return same ? standing : null
}

/**
 * The judgement on one environment, which is kept to stand for the next looks. Where files were edited after they were applied, it is only
 * known whether what the folder builds by now is what is there: then it is right, whatever was applied. Throws what finding the baseline throws.
 */
export async function judgeSchema(look: Look, folder: Folder, memory: Memory, context: JobContext): Promise<Judgement> {
  const { environment, schema } = look
  if (schema.kind === 'stands') return schema.standing.judged
  const seen = { ...schema.live, fingerprint: fingerprint(schema.live.catalog) }
  const { applied, deploys, unproven, asEdited } = appliedMigrations(look.ledger, folder)
  if (unproven.length === 0) {
    const judgement = await judgeBestHistory(
      async (history) => await judgeAgainst(applied, look, seen, folder, context, history),
      async () => await otherHistories(applied, deploys, seen),
    )
    if (judgement.incomplete !== undefined) return judgement
    const judged = { findings: judgement.findings, ignored: judgement.ignored ?? [] }
    await remember(look, seen, keyOf(environment, look, applied, context), judged, memory, context)
    return judged
  }
  if (asEdited === null) return { findings: [], incomplete: unprovenRows(unproven, folder) }
  try {
    const judgement = await judgeBestHistory(
      async (history) => await judgeAgainst(asEdited, look, seen, folder, context, history),
      async () => await otherHistories(asEdited, [asEdited.length], seen),
    )
    if (judgement.incomplete !== undefined) return judgement
    const isAlike = judgement.findings.every(({ severity }) => severity === 'info')
    return isAlike ? judgement : { findings: [], incomplete: editedWords(unproven, judgement.findings.length) }
  } catch (error) {
    if (!hasCode(error, 'scratch.replay')) throw error
    return { findings: [], incomplete: `${unprovenRows(unproven, folder)}; as they are by now, ${explain(error)}` }
  }
}

/** With the fingerprint of its catalog. */
type Seen = Live & { fingerprint: string }

async function judgeAgainst(
  migrations: readonly Migration[],
  look: Look,
  live: Seen,
  folder: Folder,
  context: JobContext,
  history: History,
): Promise<Judgement> {
  const { environment, ledger } = look
  context.progress(`${environment}: replaying ${migrations.length} migrations on a scratch Postgres ${live.major}`)
  const wanted = { ...wantedBaseline(migrations, ledger.name, live, context), ...history }
  const baseline = await readBaseline(context, wanted, live).catch(async (error: unknown) => {
    const inOrder = inOrderOf(folder, migrations)
    if (!hasCode(error, 'scratch.replay') || inOrder === null || history.deploys !== undefined) throw error
    context.progress(`${environment}: not in the order of the ledger: ${explain(error)}`)
    return await readBaseline(context, { ...wanted, migrations: inOrder }, live)
  })
  const emptied = emptiedOf(baseline, live.catalog)
  if (emptied !== null) return { findings: [], incomplete: emptiedWords(environment, look, emptied) }
  const judged = judgeCatalogs(environment, baseline, live.catalog, {
    rules: context.schemaRules,
    now: context.now(),
    roles: live.roles,
  })
  const lacking = lackingOf(baseline, judged.findings)
  return lacking.length === 0 ? judged : { findings: [], incomplete: lackingWords(environment, lacking) }
}

/** Rows that somebody put in by hand later prove what was applied, and not when. null: that is the order already. */
function inOrderOf(folder: Folder, applied: readonly Migration[]): Migration[] | null {
  const places = new Map(folder.migrations.map(({ path }, place) => [path, place]))
  const sorted = applied.toSorted((a, b) => (places.get(a.path) ?? 0) - (places.get(b.path) ?? 0))
  return sorted.every((each, place) => each === applied[place]) ? null : sorted
}

async function remember(
  { environment }: Look,
  seen: Seen,
  key: string,
  judged: Judged,
  { stored, problems }: Memory,
  context: JobContext,
): Promise<void> {
  const { standing, condition } = await stored
  const now = { standsFor: key, readAt: context.now().toISOString(), fingerprint: seen.fingerprint, judged }
  if (standing?.standsFor === now.standsFor && standing.fingerprint !== now.fingerprint) {
    problems.push(
      `${environment}: the schema changed since ${standing.readAt} and the change token did not ` +
        `(this run read it whole, so its findings are right; report this as a fault of Raingauge)`,
    )
  }
  try {
    await writeStanding(environment, now, condition, context)
  } catch (error) {
    problems.push(`${environment}: the full read of the schema cannot be kept: ${explain(error)}`)
  }
}

function keyOf(
  environment: string,
  { token, ledger }: Glance,
  applied: Parameters<typeof standsFor>[0]['applied'],
  context: JobContext,
): string {
  return standsFor({ environment, token, ledger: ledger.name, applied }, context)
}
