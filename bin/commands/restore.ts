import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ArchiveSource } from '../../lib/archive/archive-source.ts'
import { readKeptGlobals } from '../../lib/archive/envelope.ts'
import { parseGlobals } from '../../lib/archive/globals/globals-file.ts'
import { fileSource } from '../../lib/archive/read-file.ts'
import { storedSource } from '../../lib/archive/stored-source.ts'
import { restoreArchive, type RestoreResult } from '../../lib/archive/restore-archive.ts'
import { hasCode, RaingaugeError } from '../../lib/error.ts'
import { atMostEvery } from '../../lib/job/at-most-every.ts'
import { describeTarget, parseTarget, type Target } from '../../lib/postgres/target.ts'
import { restoreJobs } from '../check-options.ts'
import type { Terminal } from '../terminal.ts'
import { isPlainFile, withArchive } from './find-archive.ts'
import { concealUrl, type Request } from './request.ts'
import { progressWords, resultWords } from './restore-words.ts'

const PROGRESS_MS = 200
/** In a log, where every line stays. */
const LOG_MS = 10_000

/** Restores an archive, by id, from where it lies, or from a file, into the database of `--to`. */
export async function restoreInto(request: Request): Promise<number> {
  const { terminal, options, cwd } = request
  const [name = ''] = request.arguments
  concealUrl(options.to ?? '', terminal)
  const target = parseTo(options.to ?? '')
  const path = resolve(cwd, name)
  const restored = isPlainFile(path)
    ? await restore(await fileSource(path), await globalsBeside(path, request), target, request)
    : await restoreStored(name, target, request)
  terminal.result(
    options.json
      ? JSON.stringify({ archive: name, ...restored }, undefined, 2)
      : resultWords(name, describeTarget(target), restored),
  )
  return 0
}

function parseTo(url: string): Target {
  try {
    return parseTarget(url)
  } catch (cause) {
    throw hasCode(cause, 'config.invalid')
      ? new RaingaugeError('usage', `--to: ${cause.message}`, { remedy: cause.remedy, cause })
      : cause
  }
}

async function restoreStored(name: string, target: Target, request: Request): Promise<RestoreResult> {
  return await withArchive(name, request, async ({ manifest }, { store, identity }) => {
    const globals = request.options.globals ? await readKeptGlobals(store, manifest, await identity()) : ''
    if (globals === null) throw noGlobals(name)
    return await restore(storedSource(store, manifest, await identity()), globals, target, request)
  })
}

/** The globals.sql in the folder of a file; none where nobody asked. */
async function globalsBeside(path: string, { options }: Request): Promise<string> {
  if (!options.globals) return ''
  try {
    return await readFile(join(dirname(path), 'globals.sql'), 'utf8')
  } catch (cause) {
    throw noGlobals(path, cause)
  }
}

function noGlobals(name: string, cause?: unknown): RaingaugeError {
  return new RaingaugeError('archive.not-found', `there is no globals.sql beside ${name}`, {
    remedy: 'restore without --globals, and make the roles yourself, or leave them out with --no-owner',
    cause,
  })
}

/** `globals`: the text of globals.sql; empty for none. */
async function restore(
  source: ArchiveSource,
  globals: string,
  target: Target,
  request: Request,
): Promise<RestoreResult> {
  const { signal, terminal, options } = request
  const started = performance.now()
  const say = progressTo(terminal)
  return await restoreArchive(source, target, {
    parts: options['schema-only'] ? 'schema' : options['data-only'] ? 'data' : 'all',
    tables: options.table ?? [],
    schemas: options.schema ?? [],
    owners: !options['no-owner'],
    jobs: restoreJobs(options),
    globals: globals === '' ? [] : parseGlobals(globals),
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
