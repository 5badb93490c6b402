// One look at one database of a fleet: the same check that an environment gets, but for what is said of it.
import { FLEET } from '../../config/fleet-config.ts'
import type { Verdict } from '../../finding.ts'
import { compareWithFolder } from '../../ledger/compare-ledger.ts'
import type { Folder } from '../../ledger/folder.ts'
import { describeTarget, type Target } from '../../postgres/target.ts'
import type { JobContext } from '../context.ts'
import { judge } from '../judge.ts'
import { findStanding, judgeSchema, recall } from '../judge-schema.ts'
import { lookAt } from '../look.ts'
import type { Outcome } from './documents.ts'
import type { Tenant } from './tenant.ts'

/** Of one database; a person who sees as many looks at it by itself. */
const MOST_FINDINGS = 20

/**
 * Compares ledger and schema with the folder. What cannot be looked at is unknown, of this database alone; only a cancelled run throws.
 * Every database is called the fleet, so that the same thing in two of them has the same words.
 */
export async function checkTenant(
  tenant: Tenant,
  reach: (tenant: Tenant) => Promise<Target>,
  folder: Folder,
  context: JobContext,
): Promise<Outcome> {
  const targets: Target[] = []
  const find = async (): Promise<Target> => {
    const target = await reach(tenant)
    targets.push(target)
    return target
  }
  const problems: string[] = []
  const memory = recall(FLEET, context, problems)
  const read = Promise.resolve(folder)
  const look = lookAt({ name: FLEET, target: find }, context, (glance) =>
    findStanding(FLEET, glance, read, memory, context),
  )
  const [looked] = await Promise.allSettled([look])
  const verdicts = [
    await judge('ledger', FLEET, context.signal, async () => ({
      findings: compareWithFolder(FLEET, (await look).ledger, folder),
    })),
    await judge('schema', FLEET, context.signal, async () => judgeSchema(await look, folder, memory, context)),
  ]
  const findings = verdicts.flatMap((each) => each.findings).filter(({ severity }) => severity !== 'info')
  return {
    name: tenant.name,
    applied: looked.status === 'fulfilled' ? looked.value.ledger.rows.length : null,
    // A fleet's repairs are a migration, not ten thousand scripts.
    findings: findings.slice(0, MOST_FINDINGS).map(({ repair: _repair, ...each }) => each),
    more: Math.max(0, findings.length - MOST_FINDINGS),
    unknown: reasonOf([...verdicts, ...problems.map(asUnknown)], tenant, targets),
  }
}

function asUnknown(reason: string): Pick<Verdict, 'reason'> {
  return { reason }
}

/** Why, without the name of the database: what hinders two alike is told once. */
function reasonOf(
  verdicts: readonly Pick<Verdict, 'reason'>[],
  tenant: Tenant,
  targets: readonly Target[],
): string | null {
  const reasons = new Set(verdicts.flatMap(({ reason }) => reason ?? []))
  if (reasons.size === 0) return null
  let text = [...reasons].join('; ')
  for (const target of targets) {
    text = text.replaceAll(describeTarget(target), `${target.user}@${target.host}:${target.port}/…`)
    text = text.replaceAll(`"${target.database}"`, '"…"').replaceAll(`"${target.user}"`, '"…"')
  }
  return tenant.secret === undefined ? text : text.replaceAll(tenant.secret, '…')
}
