// One backup in a process of its own, into a folder: what it took stands on stdout, as JSON. Arguments: connection URL, folder.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { wasmDump } from '../lib/archive/engine/wasm-dump.ts'
import { writeArchive } from '../lib/archive/write-archive.ts'
import { parseTarget } from '../lib/postgres/target.ts'
import { directoryStore } from '../lib/store/directory-store.ts'
import { archiveId } from '../lib/store/keys.ts'
import { peakMemory } from './peak-memory.ts'

/** Seconds and bytes; `diskBytes` is what the process wrote to disk, null where the system does not tell. */
export type Spent = {
  userSeconds: number
  systemSeconds: number
  peakBytes: number
  diskBytes: number | null
  rawBytes: number
  storedBytes: number
}

const [url = '', folder = ''] = process.argv.slice(2)
const target = parseTarget(url)
const { rawBytes, storedBytes } = await writeArchive(
  { store: directoryStore(folder), now: () => new Date() },
  {
    project: 'bench',
    environment: 'bench',
    id: archiveId(new Date(), randomBytes(4)),
    raingauge: 'bench',
    dump: wasmDump({ target, lend: true }),
    server: { version: '0', database: target.database },
    catalog: null,
    ledger: null,
    roles: [],
  },
)
const { userCPUTime, systemCPUTime } = process.resourceUsage()
const spent: Spent = {
  userSeconds: userCPUTime / 1e6,
  systemSeconds: systemCPUTime / 1e6,
  peakBytes: peakMemory(),
  diskBytes: bytesWritten(),
  rawBytes,
  storedBytes,
}
process.stdout.write(`${JSON.stringify(spent)}\n`)

/** Linux, proc(5): /proc/self/io. */
function bytesWritten(): number | null {
  if (process.platform !== 'linux') return null
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
}
