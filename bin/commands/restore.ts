import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ArchiveSource } from '../../lib/archive/archive-source.ts'
import { fileSource } from '../../lib/archive/read-file.ts'
import { storedSource } from '../../lib/archive/read-frames.ts'
import { restoreArchive } from '../../lib/archive/restore-archive.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { describeTarget, parseTarget, type Target } from '../../lib/postgres/target.ts'
import { terminalEdge } from '../edge.ts'
import { findById } from './find-archive.ts'
import { concealUrl, demandConfig, type Request } from './request.ts'

/** Restores an archive, by id or from a file, into the empty database of `--to`. */
export async function restoreInto(request: Request): Promise<number> {
  const { terminal, options, cwd } = request
  const [name = ''] = request.arguments
  concealUrl(options.to ?? '', terminal)
  const target = parseTarget(options.to ?? '')
  const path = resolve(cwd, name)
  const restored = existsSync(path)
    ? await restore(await fileSource(path), target, request)
    : await restoreById(name, target, request)
  const rows = restored.tables.reduce((sum, table) => sum + table.rows, 0)
  const words = `restored ${name} into ${describeTarget(target)}: ${restored.tables.length} tables, ${rows} rows`
  terminal.result(options.json ? JSON.stringify({ archive: name, ...restored }, undefined, 2) : words)
  return 0
}

async function restoreById(id: string, target: Target, request: Request): ReturnType<typeof restoreArchive> {
  const config = await demandConfig(request)
  return await withJobContext(config, terminalEdge(request.terminal, request.signal), async ({ store }) => {
    const { manifest } = await findById(store, config, id)
    return await restore(storedSource(store, manifest), target, request)
  })
}

async function restore(
  source: ArchiveSource,
  target: Target,
  { signal, terminal }: Request,
): ReturnType<typeof restoreArchive> {
  terminal.progress(`restoring into ${describeTarget(target)}`)
  return await restoreArchive(source, target, { signal })
}
