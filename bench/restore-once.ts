// One restore, or one verification, in a process of its own: what it took stands on stdout, as JSON.
// Arguments: `restore` or `verify`, folder of the store, id of the archive, connection URL (`-` to verify), jobs.
import { findArchive } from '../lib/archive/list-archives.ts'
import { restoreArchive } from '../lib/archive/restore-archive.ts'
import { storedSource } from '../lib/archive/stored-source.ts'
import { verifyArchive } from '../lib/archive/verify-archive.ts'
import { parseTarget } from '../lib/postgres/target.ts'
import { directoryStore } from '../lib/store/directory-store.ts'
import { peakMemory } from './peak-memory.ts'

/** Milliseconds and bytes; `wall` is the work alone, without the start of the process. */
export type RestoreSpent = { wall: number; user: number; system: number; peakBytes: number; rawBytes: number }

const [what = '', folder = '', id = '', url = '', jobs = '1'] = process.argv.slice(2)
const store = directoryStore(folder)
const record = await findArchive(store, 'bench', 'bench', id)
if (record?.kind !== 'archive') throw new Error(`there is no archive ${id} in ${folder}`)
const started = performance.now()
if (what === 'verify') await verifyArchive(store, record, () => new Date())
else await restoreArchive(storedSource(store, record.manifest, null), parseTarget(url), { jobs: Number(jobs) })
const wall = performance.now() - started
const { userCPUTime, systemCPUTime } = process.resourceUsage()
const spent: RestoreSpent = {
  wall,
  user: userCPUTime / 1000,
  system: systemCPUTime / 1000,
  peakBytes: peakMemory(),
  rawBytes: record.manifest.rawBytes,
}
process.stdout.write(`${JSON.stringify(spent)}\n`)
