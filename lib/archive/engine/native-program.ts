// Finding a native pg_dump that can dump a server, by absolute paths alone: what PATH leads to may be a wrapper of any major.
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { promisify } from 'node:util'
import { RaingaugeError, messageOf } from '../../error.ts'
import { nativeEnvironment } from './native-environment.ts'

export type NativeProgram = {
  path: string
  /** Such as `17.11`. */
  version: string
  major: number
}

/** Debian and its kin, Red Hat and its kin, Homebrew on both kinds of Mac. */
const USUAL_PLACES = [
  '/usr/lib/postgresql/*/bin/pg_dump',
  '/usr/pgsql-*/bin/pg_dump',
  '/opt/homebrew/opt/postgresql@*/bin/pg_dump',
  '/usr/local/opt/postgresql@*/bin/pg_dump',
]
const ANSWER_MS = 10_000

/**
 * The pg_dump at that absolute path, or, for null, the oldest in the usual places that is not older than the server: its archives
 * are the ones that most versions of pg_restore read. Throws `dump.version` where none is new enough, `dump.failed` where it does not run.
 */
export async function findNativeProgram(path: string | null, serverMajor: number): Promise<NativeProgram> {
  const paths = path === null ? USUAL_PLACES.flatMap((place) => globSync(place)) : [path]
  const programs: NativeProgram[] = []
  for (const each of paths) programs.push(await readVersion(each))
  const fitting = programs.filter(({ major }) => major >= serverMajor).toSorted((one, other) => one.major - other.major)
  if (fitting[0] !== undefined) return fitting[0]
  const found = programs.map((each) => `${each.path} is ${each.version}`).join(', ') || 'none was found'
  throw new RaingaugeError('dump.version', `the server is PostgreSQL ${serverMajor}, and native pg_dump: ${found}`, {
    remedy: `install pg_dump ${serverMajor} or newer and name it in dump.program, or leave dump.engine at wasm`,
  })
}

async function readVersion(path: string): Promise<NativeProgram> {
  if (!isAbsolute(path)) throw unusable(path, 'it is no absolute path')
  let words: string
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], {
      env: nativeEnvironment(path),
      timeout: ANSWER_MS,
      killSignal: 'SIGKILL',
    })
    words = stdout
  } catch (cause) {
    throw unusable(path, messageOf(cause), cause)
  }
  const [, version, major] = /^pg_dump \(PostgreSQL\) ((\d+)[^\s]*)/.exec(words) ?? []
  if (version === undefined) throw unusable(path, `it says that it is ${JSON.stringify(words.slice(0, 80))}`)
  return { path, version, major: Number(major) }
}

function unusable(path: string, why: string, cause?: unknown): RaingaugeError {
  return new RaingaugeError('dump.failed', `${path} is not a pg_dump that runs here: ${why}`, {
    remedy: 'name the absolute path of a pg_dump in dump.program',
    cause,
  })
}
