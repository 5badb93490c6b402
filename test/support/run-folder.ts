// Where the servers and the files of a whole run lie: in memory where there is room, since nobody keeps the 300 files of each test's database.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from './process-tree.ts'

const MEMORY = '/dev/shm'
const NAME = /^raingauge-tests-(?<pid>\d+)$/

/** In bytes; the four servers take 0.2 GB before any test has written. Containers often have 64 MB there. */
const ROOM = 4 * 2 ** 30

/**
 * Makes the folder of this run, open to all as a temp folder is. It lies in `TMPDIR` where somebody set that. What runs that were killed have left is removed first.
 */
export function makeRunFolder(environment: NodeJS.ProcessEnv): string {
  const root = environment['TMPDIR'] === undefined && memoryHasRoom() ? MEMORY : tmpdir()
  for (const name of readdirSync(root)) {
    const pid = NAME.exec(name)?.groups?.['pid']
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(root, name), { recursive: true, force: true })
  }
  const folder = join(root, `raingauge-tests-${process.pid}`)
  mkdirSync(folder)
  // As root, the servers run as somebody else.
  chmodSync(folder, 0o1777)
  return folder
}

/** What every program that a test starts gets of this run's environment. */
export function childEnvironment({ PATH, TMPDIR, NODE_COMPILE_CACHE }: NodeJS.ProcessEnv): Record<string, string> {
  const given = Object.entries({ PATH, TMPDIR, NODE_COMPILE_CACHE })
  return Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** A program may have to be copied there and run: not where the mount forbids that. */
function memoryHasRoom(): boolean {
  if (!existsSync('/proc/mounts')) return false
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
  const options = mounts.map((line) => line.split(' ')).findLast(([, place]) => place === MEMORY)?.[3]
  if (options === undefined || options.split(',').some((option) => option === 'noexec' || option === 'ro')) return false
  const { bsize, bavail } = statfsSync(MEMORY)
  return bsize * bavail >= ROOM && process.availableMemory() >= 2 * ROOM
}
