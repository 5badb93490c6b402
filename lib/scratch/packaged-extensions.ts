import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerBinaries } from './server-binaries.ts'

const CONTROL = '.control'

/** The extensions that these server programs bring, without starting them (manual, 36.17: one control file each). */
export function packagedExtensions({ folder }: ServerBinaries): Set<string> {
  const files = readdirSync(join(folder, 'share', 'postgresql', 'extension'))
  return new Set(files.filter((file) => file.endsWith(CONTROL)).map((file) => file.slice(0, -CONTROL.length)))
}
