// A process of its own: backs up, verifies, restores, and says on stdout the most memory it held by the end of each, in bytes.
// Arguments: URL of the source, URL of an empty database, store folder.
import { peakMemory } from '../../../bench/peak-memory.ts'
import { wasmDump } from '../../../lib/archive/engine/wasm-dump.ts'
import { restoreArchive } from '../../../lib/archive/restore-archive.ts'
import { storedSource } from '../../../lib/archive/stored-source.ts'
import { verifyArchive } from '../../../lib/archive/verify-archive.ts'
import { parseTarget } from '../../../lib/postgres/target.ts'
import { directoryStore } from '../../../lib/store/directory-store.ts'
import { now, writtenArchive } from '../archive-fixture.ts'

const [source = '', copy = '', folder = ''] = process.argv.slice(2)
const store = directoryStore(folder)
const peaks: number[] = []
const remember = (): number => peaks.push(peakMemory())

const record = await writtenArchive(store, wasmDump({ target: parseTarget(source), lend: true }))
remember()
await verifyArchive(store, record, now)
remember()
await restoreArchive(storedSource(store, record.manifest, null), parseTarget(copy))
remember()
process.stdout.write(JSON.stringify(peaks))
