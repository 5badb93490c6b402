import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RaingaugeError } from '../error.ts'

/**
 * Replaces the metrics file at once: the node exporter's textfile collector may read it at any moment. Throws `store.unwritable`.
 */
export async function writeMetricsFile(path: string, text: string): Promise<void> {
  // The collector reads *.prom only.
  const unfinished = `${path}.${process.pid}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(unfinished, text)
    await rename(unfinished, path)
  } catch (cause) {
    await rm(unfinished, { force: true })
    throw new RaingaugeError('store.unwritable', `the metrics file ${path} cannot be written: ${String(cause)}`, {
      remedy: 'see that its folder can be written and has room, or name another file under metrics',
      cause,
    })
  }
}
