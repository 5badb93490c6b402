// The snapshots of a folder of Drizzle 1.x, which no released drizzle-kit of 0.x can check.
import { z } from 'zod'
import type { Finding } from '../finding.ts'
import { messageOf } from '../error.ts'
import { kitFinding as findingOf } from './kit-findings.ts'

/** Path relative to the folder, and what is in the file. */
export type SnapshotFile = { path: string; text: string }

/** drizzle-kit 1.0, `snapshotsDb` and `checkHandler`: version, identity and ancestors of each snapshot. */
const SNAPSHOT = z.object({ version: z.string(), dialect: z.string(), id: z.string(), prevIds: z.array(z.string()) })

const VERSION = '8'
/** The ancestor of the first. */
const ORIGIN = '00000000-0000-0000-0000-000000000000'

/**
 * Snapshots that cannot be read, are of a version that is not known, have the identity of another (a copied folder), or an ancestor
 * that is not there. Two with the same ancestor are no fault in 1.x: branches that were merged. Kind `folder.kit`.
 */
export function checkSnapshots(files: readonly SnapshotFile[]): Finding[] {
  const findings: Finding[] = []
  const read = files.flatMap(({ path, text }) => {
    const snapshot = parse(text)
    if (typeof snapshot === 'object') return [{ path, ...snapshot }]
    findings.push(kitFinding(path, `${path} ${snapshot}`))
    return []
  })
  const paths = new Map<string, string>()
  for (const { path, id } of read) {
    const other = paths.get(id)
    if (other !== undefined) findings.push(kitFinding(path, `${path} has the id of ${other}: it was copied`))
    paths.set(id, path)
  }
  for (const { path, prevIds } of read) {
    const lost = prevIds.filter((id) => id !== ORIGIN && !paths.has(id))
    // One that could not be read may be the ancestor.
    if (lost.length === 0 || read.length < files.length) continue
    findings.push(kitFinding(path, `${path} follows ${lost.join(', ')}, which is no snapshot of the folder`))
  }
  return findings
}

function kitFinding(path: string, words: string): Finding {
  return findingOf(path, words, 'check of the snapshots')
}

/** The snapshot, or what is wrong with it. */
function parse(text: string): z.infer<typeof SNAPSHOT> | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return `is not JSON: ${messageOf(error)}`
  }
  const parsed = SNAPSHOT.safeParse(json)
  if (!parsed.success) return 'is no snapshot of Drizzle 1.x: version, dialect, id or prevIds is missing'
  const { version, dialect } = parsed.data
  if (dialect !== 'postgres') return `is of another dialect: ${dialect}`
  return version === VERSION ? parsed.data : `is of version ${version}; known is ${VERSION}`
}
