// Is the history right, and is the schema right? For every environment, and for the folder that belongs to none.
import type { Verdict } from '../finding.ts'
import { checkFolder } from '../ledger/check-folder.ts'
import { compareEnvironments, compareWithFolder } from '../ledger/compare-ledger.ts'
import type { Folder } from '../ledger/folder.ts'
import { runDrizzleKitCheck } from '../ledger/run-drizzle-kit.ts'
import type { LedgerHead, NewestVerified, Run } from '../run.ts'
import { chooseFolder } from './choose-folder.ts'
import type { JobContext } from './context.ts'
import { explain, judge, type Judgement } from './judge.ts'
import { findStanding, judgeSchema, recall, type Memory } from './judge-schema.ts'
import { ledgerHead } from './ledger-head.ts'
import { lookAt, type Look } from './look.ts'
import { startRun } from './start-run.ts'
import { areArchivesMissed, watchArchives } from './watch-archives.ts'

/** What is being read of one environment; whoever awaits it learns what failed. */
type Watch = { name: string; look: Promise<Look>; memory: Memory }

/**
 * Looks at the folder, at every environment and at what the store holds of its archives, and judges. What cannot be looked at is
 * `unknown`; the rest is still judged. `archives` false: a backup follows, and will say more.
 */
export async function runCheck(context: JobContext, { archives = true } = {}): Promise<Run> {
  const finish = startRun(context, 'check')
  const folder = chooseFolder(context)
  const problems: string[] = []
  const watches = context.environments.map((each): Watch => {
    const memory = recall(each.name, context, problems)
    const look = lookAt(each, context, (glance) => findStanding(each.name, glance, folder, memory, context))
    return { name: each.name, look, memory }
  })
  const looks = Promise.allSettled(watches.map(({ look }) => look))
  const verdicts = await Promise.all([
    judgeFolder(folder, context),
    ...watches.flatMap((watch, index) => [
      judgeLedger(watch, watches[index - 1], folder, context),
      judge('schema', watch.name, context.signal, async () =>
        judgeSchema(await watch.look, await folder, watch.memory, context),
      ),
    ]),
  ])
  const stored = archives ? await judgeArchives(context) : null
  const [read] = await Promise.allSettled([folder])
  const ledgers = (await looks).flatMap((look): LedgerHead[] =>
    look.status === 'fulfilled'
      ? [ledgerHead(look.value.environment, look.value.ledger, read.status === 'fulfilled' ? read.value : null)]
      : [],
  )
  const origin = read.status === 'fulfilled' ? read.value.origin : undefined
  return finish({
    verdicts: [...verdicts, ...(stored?.verdicts ?? [])],
    archives: [],
    ledgers,
    problems,
    ...(stored === null ? {} : { newestVerified: stored.newestVerified }),
    ...(origin && { folder: origin }),
  })
}

async function judgeFolder(folder: Promise<Folder>, context: JobContext): Promise<Verdict> {
  return await judge('folder', null, context.signal, async () => {
    const findings = checkFolder(await folder)
    context.progress('folder: drizzle-kit check')
    const { drizzleKit: kit, signal } = context
    return { findings: [...findings, ...(await runDrizzleKitCheck(await folder, { signal, ...(kit && { kit }) }))] }
  })
}

/** The backup may have stopped long ago: that it is silent is seen here, in what the store holds. */
async function judgeArchives(context: JobContext): Promise<{ verdicts: Verdict[]; newestVerified: NewestVerified[] }> {
  const newestVerified: NewestVerified[] = []
  const verdicts = context.environments.map(async ({ name }): Promise<Verdict[]> => {
    let expected = true
    const verdict = await judge('archive', name, context.signal, async () => {
      const { records, findings } = await watchArchives(name, context)
      const verified = records.find((record) => record.kind === 'archive' && record.trust !== 'uploaded')
      if (verified?.kind === 'archive') {
        newestVerified.push({ environment: name, startedAt: verified.manifest.startedAt })
      }
      expected = records.length > 0 || (await areArchivesMissed(name, context))
      return { findings }
    })
    return expected ? [verdict] : []
  })
  return { verdicts: (await Promise.all(verdicts)).flat(), newestVerified }
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
