import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { RaingaugeError } from '../../lib/error.ts'
import { compareSides, type Side } from '../../lib/job/compare.ts'
import { exitStatus, type Run } from '../../lib/run.ts'
import type { Scratch, ScratchOptions } from '../../lib/scratch/scratch.ts'
import { parseTarget } from '../../lib/postgres/target.ts'
import { terminalEdge } from '../edge.ts'
import { concealUrl, type Request } from './request.ts'

/** Says what in B is not as in A. */
export async function compareTwo(request: Request): Promise<number> {
  const { terminal, signal } = request
  const [a, b] = request.arguments.map((word) => parseSide(word, request))
  if (a === undefined || b === undefined) return 64
  const edge = terminalEdge(terminal, signal)
  const { ignore, only } = request.options
  const named = namedScratch([a, b], request)
  const options = { signal, named, progress: edge.progress }
  const run = await lendScratch([a, b], options, (scratch) =>
    compareSides(a, b, { ...edge, scratch }, { ignore, only }),
  )
  terminal.result(await words(run, edge.now(), request))
  return exitStatus(run)
}

/** The scratch server of DATABASE_URL_SCRATCH, if there is one. */
function namedScratch(sides: readonly Side[], { variables, terminal }: Request) {
  const url = variables['DATABASE_URL_SCRATCH']
  if (!url) return undefined
  concealUrl(url, terminal)
  const watched = sides.flatMap((side) => (side.kind === 'database' ? [side.target] : []))
  return () => Promise.resolve({ target: parseTarget(url), watched })
}

/** Two databases are compared without one, and without loading what it takes. */
async function lendScratch<T>(
  sides: readonly Side[],
  options: ScratchOptions,
  use: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  if (sides.some(({ kind }) => kind === 'folder')) {
    const { withScratch } = await import('../../lib/scratch/scratch.ts')
    return await withScratch(use, options)
  }
  return await use({ withDatabase: () => Promise.reject(new TypeError('nothing is replayed')) })
}

async function words(run: Run, now: Date, { terminal, options }: Request): Promise<string> {
  if (options.json) return JSON.stringify(run, undefined, 2)
  if (options.sql) return (await import('../../lib/report/repair-script.ts')).repairScript(run)
  const { terminalReport } = await import('../../lib/report/terminal.ts')
  return terminalReport(run, { since: new Map(), now, color: terminal.color, showIgnored: options['show-ignored'] })
}

function parseSide(word: string, { cwd, terminal }: Request): Side {
  const path = resolve(cwd, word)
  if (existsSync(path)) return { kind: 'folder', path }
  if (/^postgres(?:ql)?:/.test(word)) {
    concealUrl(word, terminal)
    return { kind: 'database', target: parseTarget(word) }
  }
  throw new RaingaugeError('usage', `${JSON.stringify(word)} is neither a migrations folder nor a database URL`, {
    remedy: 'name an existing folder, or postgres://USER:PASSWORD@HOST/DATABASE',
  })
}
