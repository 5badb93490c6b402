// Runs drizzle-kit's own check of a folder, as a child process that can reach nothing of ours.
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { RaingaugeError, messageOf } from '../error.ts'
import type { Finding } from '../finding.ts'
import type { Folder } from './folder.ts'
import { checkSnapshots, type SnapshotFile } from './check-snapshots.ts'
import { COPY, kitFinding, kitFindings, wordsOf, type KitOutcome } from './kit-findings.ts'

export type KitOptions = {
  signal?: AbortSignal | undefined
  timeoutMs?: number
  /** Path of drizzle-kit's `bin.cjs`, which needs drizzle-orm beside it. Default: the installed one. */
  kit?: string
}

const TIMEOUT_MS = 60_000
const MOST_OUTPUT_BYTES = 4 * 1024 * 1024

/**
 * `drizzle-kit check` of the snapshots; it never opens a database. It works on a copy, since it writes a journal where it finds none and
 * takes relative paths only, and with an environment that holds nothing of ours. It knows no folders of Drizzle 1.x: their snapshots
 * are checked by {@link checkSnapshots}. Throws `kit.failed` where it comes to no result.
 */
export async function runDrizzleKitCheck(folder: Folder, options: KitOptions = {}): Promise<Finding[]> {
  options.signal?.throwIfAborted()
  if (folder.layout === 'folders') return checkSnapshots(await readSnapshots(folder))
  const kit = options.kit ?? installedKit()
  const place = await mkdtemp(join(tmpdir(), 'raingauge-kit-'))
  try {
    await copyMeta(folder, join(place, COPY, 'meta'))
    const outcome = await run(kit, place, options)
    const findings = kitFindings(outcome)
    if (findings !== null) return findings
    const broken = await brokenSnapshots(folder)
    if (broken.length > 0) return broken
    throw failed(`came to no result (exit status ${outcome.status}): ${lastWords(outcome)}`)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

/**
 * The check reads the files of `meta` only. The copy is ours to write to and to remove, whatever the modes of the folder are. Whoever
 * removed a file since the folder was read is told by the next run.
 */
async function copyMeta(folder: Folder, to: string): Promise<void> {
  const from = join(folder.path, 'meta')
  try {
    await mkdir(to, { recursive: true })
    for (const entry of await readdir(from, { withFileTypes: true })) {
      if (!entry.isDirectory()) await copyFile(join(from, entry.name), join(to, entry.name))
    }
  } catch (cause) {
    throw failed(`could not be given a copy of ${folder.path}: ${messageOf(cause)}`, undefined, cause)
  }
}

async function run(kit: string, cwd: string, { signal, timeoutMs = TIMEOUT_MS }: KitOptions): Promise<KitOutcome> {
  return await new Promise((resolve, reject) => {
    // Node's own word to it at an abort is SIGTERM, whatever `killSignal` says, and one that hangs may not listen.
    const kill = () => child.kill('SIGKILL')
    signal?.addEventListener('abort', kill, { once: true })
    const child = execFile(
      process.execPath,
      [kit, 'check', '--dialect=postgresql', `--out=${COPY}`],
      {
        cwd,
        env: { HOME: cwd, TMPDIR: cwd, NO_COLOR: '1' },
        signal,
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MOST_OUTPUT_BYTES,
      },
      (error, stdout, stderr) => {
        signal?.removeEventListener('abort', kill)
        const output = `${stdout}\n${stderr}`
        if (error === null) resolve({ status: 0, output })
        else if (signal?.aborted === true) reject(abortReason(signal))
        else if (typeof error.code === 'number') resolve({ status: error.code, output })
        else if (error.killed === true && (error.code ?? null) === null) {
          reject(failed(`did not end within ${timeoutMs} ms and was stopped`, undefined, error))
        } else if (error.signal) reject(failed(`was killed by ${error.signal}`, undefined, error))
        else reject(failed(`did not run: ${error.message}`, undefined, error))
      },
    )
  })
}

async function readSnapshots(folder: Folder): Promise<SnapshotFile[]> {
  try {
    return await Promise.all(
      folder.snapshots.map(async (path) => ({ path, text: await readFile(join(folder.path, path), 'utf8') })),
    )
  } catch (cause) {
    throw failed(`could not read the snapshots of ${folder.path}: ${messageOf(cause)}`, undefined, cause)
  }
}

/** It ends at the first snapshot that is not JSON, and does not say which. */
async function brokenSnapshots(folder: Folder): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const snapshot of folder.snapshots) {
    const text = await readFile(join(folder.path, snapshot), 'utf8')
    try {
      JSON.parse(text)
    } catch (error) {
      findings.push(kitFinding(snapshot, `${snapshot}: ${messageOf(error)}`))
    }
  }
  return findings
}

function installedKit(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('drizzle-kit')), 'bin.cjs')
  } catch (cause) {
    throw failed('is not installed', 'run npm ci, or say where its bin.cjs is', cause)
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason))
}

function lastWords({ output }: KitOutcome): string {
  const lines = wordsOf(output).filter((line) => line !== '')
  return lines.slice(-3).join(' / ').slice(-500) || 'it said nothing'
}

function failed(what: string, remedy?: string, cause?: unknown): RaingaugeError {
  return new RaingaugeError('kit.failed', `drizzle-kit check ${what}`, {
    remedy: remedy ?? 'see that drizzle-kit and drizzle-orm are installed, of versions that fit each other (npm ci)',
    cause,
  })
}
