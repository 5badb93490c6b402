// What drizzle-kit's `check` says, as findings. Its words are those of drizzle-kit 0.31.11 (`bin.cjs`, `checkHandler`, `validateWithReport`).
import { stripVTControlCharacters } from 'node:util'
import { finding, type Finding } from '../finding.ts'

/** Where the copy of the folder is, as drizzle-kit names it. */
export const COPY = 'migrations'

export type KitOutcome = { status: number; output: string }

/** What it says to a folder that it finds nothing wrong with. */
const FINE = /^Everything's fine/

/** About the order of the journal, which `folder.order` and `folder.duplicate` tell of already. */
const TOLD_ALREADY = /^Warning: .* in the journal, but its timestamp is not greater/

const COMPLAINTS: { pattern: RegExp; subject: (match: RegExpExecArray) => string }[] = [
  { pattern: /^(.+) is not of the latest version/, subject: ([, snapshot = '']) => snapshot },
  { pattern: /^(.+) data is malformed/, subject: ([, snapshot = '']) => snapshot },
  // With exit status 0, without another look at anything.
  { pattern: /^(?:Info: )?(.+) snapshot is of unsupported version/, subject: ([, snapshot = '']) => snapshot },
  { pattern: /^\[(.+)\] are pointing to a parent snapshot/, subject: ([, snapshots = '']) => snapshots },
]

/** Its complaints, one finding each; null where it came to no result: it neither complained nor found everything fine. */
export function kitFindings({ status, output }: KitOutcome): Finding[] | null {
  const lines = wordsOf(output).filter((line) => line !== '' && !TOLD_ALREADY.test(line))
  const findings = lines.flatMap((line): Finding[] => {
    for (const { pattern, subject } of COMPLAINTS) {
      const match = pattern.exec(line)
      if (match !== null) return [kitFinding(subject(match), line)]
    }
    return []
  })
  if (findings.length > 0) return findings
  return status === 0 && lines.some((line) => FINE.test(line)) ? [] : null
}

/** A finding about one snapshot, in drizzle-kit's own words unless another check is named. */
export function kitFinding(snapshot: string, words: string, by = 'drizzle-kit check'): Finding {
  return finding(null, 'folder.kit', {
    subject: { class: 'snapshot', name: snapshot },
    summary: `${by}: ${words}`,
  })
}

/** Its lines, without colours and without the name of the copy. */
export function wordsOf(output: string): string[] {
  const lines = stripVTControlCharacters(output).split(/\r?\n/)
  return lines.map((line) => line.trim().replaceAll(`${COPY}/`, ''))
}
