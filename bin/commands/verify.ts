import { resolve } from 'node:path'
import { verifyArchive, verifyFile } from '../../lib/archive/verify-archive.ts'
import { hasCode } from '../../lib/error.ts'
import { atMostEvery } from '../../lib/job/at-most-every.ts'
import { isPlainFile, withArchive } from './find-archive.ts'
import type { Request } from './request.ts'
import { rowsIn } from '../../lib/run.ts'

/** Reads an archive back and decodes it: exit status 0 when it is whole, 1 when it is not. */
export async function verifyOne(request: Request): Promise<number> {
  const { terminal, options, cwd } = request
  const [name = ''] = request.arguments
  const path = resolve(cwd, name)
  try {
    const verified = isPlainFile(path) ? await verifyPath(path, request) : await verifyStored(name, request)
    const { tables, rows, rawBytes, decoded } = verified
    const holds = `${tables} tables, ${rows} rows, ${rawBytes} bytes uncompressed`
    const words = decoded
      ? `${name} is whole: ${holds}`
      : `${name} is what was written, by its hashes (it is encrypted, and --identity FILE would open it); it says of itself: ${holds}`
    terminal.result(options.json ? JSON.stringify({ archive: name, whole: true, ...verified }, undefined, 2) : words)
    return 0
  } catch (error) {
    if (!hasCode(error, 'archive.corrupt')) throw error
    const reason = error.message
    terminal.result(
      options.json
        ? JSON.stringify({ archive: name, whole: false, reason }, undefined, 2)
        : `${name} is not whole: ${reason}`,
    )
    return 1
  }
}

const PROGRESS_MS = 200

type Verified = { tables: number; rows: number; rawBytes: number; decoded: boolean }

async function verifyPath(path: string, { signal, terminal }: Request): Promise<Verified> {
  const { tables, rawBytes } = await verifyFile(path, { signal, progress: say(terminal) })
  const rows = rowsIn(tables)
  return { tables: tables.length, rows, rawBytes, decoded: true }
}

async function verifyStored(name: string, request: Request): Promise<Verified> {
  const { terminal, signal } = request
  return await withArchive(name, request, async (record, { store, now, identity }) => {
    const { tables, rows, rawBytes, decoded } = await verifyArchive(store, record, now, {
      signal,
      identity: await identity(),
      progress: say(terminal),
    })
    return { tables, rows, rawBytes, decoded }
  })
}

function say(terminal: Request['terminal']): (bytes: number) => void {
  return atMostEvery(PROGRESS_MS, (bytes: number) => terminal.progress(`reading back, ${(bytes / 1e6).toFixed(1)} MB`))
}
