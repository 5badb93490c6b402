// Is the history right, and is the schema right? For every environment, and for the folder that belongs to none.
import type { Verdict } from '../finding.ts'
import { appliedMigrations } from '../ledger/applied-migrations.ts'
import { checkFolder } from '../ledger/check-folder.ts'
import { compareEnvironments, compareWithFolder } from '../ledger/compare-ledger.ts'
import type { Folder } from '../ledger/folder.ts'
import { readFolder } from '../ledger/read-folder.ts'
import { runDrizzleKitCheck } from '../ledger/run-drizzle-kit.ts'
import type { LedgerHead, Run } from '../run.ts'
import { judgeCatalogs } from '../schema/judge-catalogs.ts'
import { readBaseline } from '../schema/read-baseline.ts'
import type { JobContext } from './context.ts'
import { explain, judge, type Judgement } from './judge.ts'
import { ledgerHead } from './ledger-head.ts'
import { lookAt, type Look } from './look.ts'
import { startRun } from './start-run.ts'

/** What is being read of one environment; whoever awaits it learns what failed. */
type Watch = { name: string; look: Promise<Look> }

/** Looks at the folder and at every environment, and judges. What cannot be looked at is `unknown`; the rest is still judged. */
export async function runCheck(context: JobContext): Promise<Run> {
  const finish = startRun(context, 'check')
  const folder = readFolder(context.folder)
  const watches = context.environments.map((each): Watch => ({ name: each.name, look: lookAt(each, context) }))
  const looks = Promise.allSettled(watches.map(({ look }) => look))
  const verdicts = await Promise.all([
    judgeFolder(folder, context),
    ...watches.flatMap((watch, index) => [
      judgeLedger(watch, watches[index - 1], folder, context),
      judgeSchema(watch, folder, context),
    ]),
  ])
  const [read] = await Promise.allSettled([folder])
  const ledgers = (await looks).flatMap((look): LedgerHead[] =>
    look.status === 'fulfilled'
      ? [ledgerHead(look.value.environment, look.value.ledger, read.status === 'fulfilled' ? read.value : null)]
      : [],
  )
  return finish({ verdicts, archives: [], ledgers })
}

async function judgeFolder(folder: Promise<Folder>, context: JobContext): Promise<Verdict> {
  return await judge('folder', null, context.signal, async () => {
    const findings = checkFolder(await folder)
    context.progress('folder: drizzle-kit check')
    const { drizzleKit: kit, signal } = context
    return { findings: [...findings, ...(await runDrizzleKitCheck(await folder, { signal, ...(kit && { kit }) }))] }
  })
}

async function judgeLedger(
  { name, look }: Watch,
  before: Watch | undefined,
  folder: Promise<Folder>,
  context: JobContext,
): Promise<Verdict> {
  return await judge('ledger', name, context.signal, async (): Promise<Judgement> => {
    const { ledger } = await look
    const findings = compareWithFolder(name, ledger, await folder)
    if (before === undefined) return { findings }
    try {
      const upstream = { environment: before.name, ledger: (await before.look).ledger }
      return { findings: [...findings, ...compareEnvironments(upstream, { environment: name, ledger }, await folder)] }
    } catch (error) {
      return { findings, incomplete: `cannot be compared with ${before.name}: ${explain(error)}` }
    }
  })
}

async function judgeSchema({ name, look }: Watch, folder: Promise<Folder>, context: JobContext): Promise<Verdict> {
  return await judge('schema', name, context.signal, async (): Promise<Judgement> => {
    const { ledger, live } = await look
    const { applied, unproven } = appliedMigrations(ledger, await folder)
    if (unproven.length > 0) {
      const hashes = unproven.map((row) => row.tag ?? row.hash.slice(0, 12))
      return {
        findings: [],
        incomplete:
          `what the ledger says was applied is not in the folder (${hashes.slice(0, 5).join(', ')}${hashes.length > 5 ? ', …' : ''}), ` +
          `so nobody can say what the schema should be (bring the folder of the deployed version, or mend the ledger)`,
      }
    }
    context.progress(`${name}: replaying ${applied.length} migrations on a scratch Postgres ${live.major}`)
    const { major, roles, extensions } = live
    const wanted = { major, migrations: applied, ledger: ledger.name, roles, extensions }
    const baseline = await readBaseline(context, wanted)
    return judgeCatalogs(name, baseline, live.catalog, { rules: context.schemaRules, now: context.now() })
  })
}
