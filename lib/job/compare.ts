// Two databases, a database and a folder, or two folders: what in the second is not as in the first.
import { withSnapshot } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import type { Run } from '../run.ts'
import { levelHomes } from '../schema/access/level-homes.ts'
import type { Catalog } from '../schema/catalog.ts'
import { readLive, type Live } from '../schema/read-live.ts'
import { parsePattern } from '../schema/rule-match.ts'
import { EMBEDDED_MAJORS } from '../scratch/server-binaries.ts'
import type { JobContext } from './context.ts'
import { judge } from './judge.ts'
import type { History } from './other-histories.ts'
import { lackingOf, lackingWords } from './schema-unknown.ts'
import { startRun } from './start-run.ts'

export type Side = { kind: 'database'; target: Target } | { kind: 'folder'; path: string }

/** Folders that are compared with each other are replayed on this major. */
const NEWEST_MAJOR = EMBEDDED_MAJORS[EMBEDDED_MAJORS.length - 1] ?? 18

type Tools = Pick<JobContext, 'version' | 'scratch' | 'now' | 'signal' | 'progress'>

/** Patterns `[CLASS:]NAME` of what to leave out, and of what alone to tell; both are counted as ignored. */
export type Filter = { ignore?: string[] | undefined; only?: string[] | undefined }

/** One schema verdict on B. A folder is replayed whole, on the major of the database it is compared with. */
export async function compareSides(a: Side, b: Side, tools: Tools, filter: Filter = {}): Promise<Run> {
  const finish = startRun({ ...tools, project: 'compare' }, 'check')
  const verdict = await judge('schema', 'B', tools.signal, async () => {
    // Databases first: they say on which major, and with which roles, a folder is replayed.
    const [askedA, askedB] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const [liveA, liveB, { judgeCatalogs }] = await Promise.all([
      readIfDatabase(a, tools, askedA.resolve),
      readIfDatabase(b, tools, askedB.resolve),
      // Loaded while both servers are at work.
      Promise.all([askedA.promise, askedB.promise]).then(() => import('../schema/judge-catalogs.ts')),
    ])
    const [ofA, ofB] = liveA && liveB ? levelHomes(liveA, liveB) : [liveA?.catalog, liveB?.catalog]
    const sides = { actual: 'B', expected: a.kind === 'folder' ? null : 'A' }
    const ignore = (filter.ignore ?? []).map((text) => ({ ...parsePattern(text), reason: `--ignore ${text}` }))
    const only = (filter.only ?? []).map(parsePattern)
    const rules = { ignore, severity: [] }
    const roles = [...(liveA?.roles ?? []), ...(liveB?.roles ?? [])]
    const judgeAs = async (history: History) => {
      const expected = ofA ?? (await replayIfFolder(a, liveB, history, tools))
      const actual = ofB ?? (await replayIfFolder(b, liveA, history, tools))
      if (expected === undefined || actual === undefined) throw new TypeError('a side is a database or a folder')
      const judged = judgeCatalogs('B', expected, actual, { rules, now: tools.now(), roles, sides, only })
      const lacking = [expected, actual].flatMap((side) => lackingOf(side, judged.findings))
      return lacking.length === 0 ? judged : { findings: [], incomplete: lackingWords(liveA ? 'A' : 'B', lacking) }
    }
    if (liveA !== undefined && liveB !== undefined) return await judgeAs({})
    const { judgeBestHistory } = await import('./best-history.ts')
    return await judgeBestHistory(judgeAs, async () => await historiesOf(a.kind === 'folder' ? a : b, liveB ?? liveA))
  })
  return finish({ verdicts: [verdict], archives: [], ledgers: [] })
}

/** Calls `asked` once there is nothing to do but to wait for the server. */
async function readIfDatabase(side: Side, { signal, progress }: Tools, asked: () => void): Promise<Live | undefined> {
  if (side.kind === 'folder') {
    asked()
    return undefined
  }
  const during = `reading the catalog of ${side.target.database}`
  progress(during)
  try {
    return await withSnapshot(
      side.target,
      during,
      async (client) => {
        const live = readLive(client, null)
        asked()
        return await live
      },
      { signal },
    )
  } finally {
    asked()
  }
}

/** How the migrations of a folder may have come to the database that it is compared with. */
async function historiesOf(side: Side, live: Live | undefined): Promise<History[]> {
  if (side.kind === 'database' || live === undefined) return []
  const [{ readFolder }, { otherHistories }] = await Promise.all([
    import('../ledger/read-folder.ts'),
    import('./other-histories.ts'),
  ])
  const { migrations } = await readFolder(side.path)
  return await otherHistories(migrations, [migrations.length], live)
}

async function replayIfFolder(
  side: Side,
  other: Live | undefined,
  history: History,
  tools: Tools,
): Promise<Catalog | undefined> {
  if (side.kind === 'database') return undefined
  const { signal, progress, scratch } = tools
  // Loaded where there is a folder: two databases are compared without.
  const [{ readFolder }, { replayOnScratch }] = await Promise.all([
    import('../ledger/read-folder.ts'),
    import('../schema/replay-on-scratch.ts'),
  ])
  const { migrations } = await readFolder(side.path)
  progress(`replaying ${migrations.length} migrations of ${side.path}`)
  const { major = NEWEST_MAJOR, roles = [], extensions } = other ?? {}
  const wanted = { major, migrations, ledger: null, roles, extensions, ...history }
  return await replayOnScratch({ scratch, signal }, wanted)
}
