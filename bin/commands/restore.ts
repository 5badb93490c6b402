import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ArchiveSource } from '../../lib/archive/archive-source.ts'
import { fileSource } from '../../lib/archive/read-file.ts'
import { storedSource } from '../../lib/archive/stored-source.ts'
import { restoreArchive, type RestoreResult } from '../../lib/archive/restore-archive.ts'
import { atMostEvery } from '../../lib/job/at-most-every.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { describeTarget, parseTarget, type Target } from '../../lib/postgres/target.ts'
import { terminalEdge } from '../edge.ts'
import { restoreJobs } from '../restore-options.ts'
import type { Terminal } from '../terminal.ts'
import { findById } from './find-archive.ts'
import { concealUrl, demandConfig, type Request } from './request.ts'
import { progressWords, resultWords } from './restore-words.ts'

const PROGRESS_MS = 200
/** In a log, where every line stays. */
const LOG_MS = 10_000

/** Restores an archive, by id or from a file, into the database of `--to`. */
export async function restoreInto(request: Request): Promise<number> {
  const { terminal, options, cwd } = request
  const [name = ''] = request.arguments
  concealUrl(options.to ?? '', terminal)
  const target = parseTarget(options.to ?? '')
  const path = resolve(cwd, name)
  const restored = existsSync(path)
    ? await restore(await fileSource(path), target, request)
    : await restoreById(name, target, request)
  terminal.result(
    options.json
      ? JSON.stringify({ archive: name, ...restored }, undefined, 2)
      : resultWords(name, describeTarget(target), restored),
  )
  return 0
}

async function restoreById(id: string, target: Target, request: Request): Promise<RestoreResult> {
  const config = await demandConfig(request)
  return await withJobContext(config, terminalEdge(request.terminal, request.signal), async ({ store, identity }) => {
    const { manifest } = await findById(store, config, id)
    return await restore(storedSource(store, manifest, await identity()), target, request)
  })
}

async function restore(source: ArchiveSource, target: Target, request: Request): Promise<RestoreResult> {
  const { signal, terminal, options } = request
  const started = performance.now()
  const say = progressTo(terminal)
  return await restoreArchive(source, target, {
    parts: options['schema-only'] ? 'schema' : options['data-only'] ? 'data' : 'all',
    tables: options.table ?? [],
    schemas: options.schema ?? [],
    owners: !options['no-owner'],
    jobs: restoreJobs(options),
    intoNonEmpty: options['into-non-empty'],
    signal,
    progress: (progress) => say(() => `restoring: ${progressWords(progress, performance.now() - started)}`),
  })
}

/** On a terminal one line that changes, elsewhere a line now and then. */
function progressTo(terminal: Terminal): (words: () => string) => void {
  return terminal.interactive
    ? atMostEvery(PROGRESS_MS, (words) => terminal.progress(words()))
    : atMostEvery(LOG_MS, (words) => terminal.say(words()))
}
