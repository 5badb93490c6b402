// All repairs of a run as one SQL script, for a person to read, cut and run.
import type { Finding, Verdict } from '../finding.ts'
import { ALONE } from '../hazard.ts'
import type { Run } from '../run.ts'
import { count } from '../words.ts'
import { printable } from './printable.ts'

/**
 * One part for each environment that has something to repair, in the order of its findings, which is one that works. What cannot be in a
 * transaction with others stands between transactions; what takes a person is a comment, and so are hazards. Comments hold one line
 * whatever the names in a database are.
 */
export function repairScript(run: Run): string {
  const parts = run.verdicts.filter(({ check }) => check === 'schema').flatMap(partOf)
  return parts.length === 0 ? '-- nothing to repair\n' : `${parts.join('\n')}\n`
}

function partOf({ environment, status, reason, findings }: Verdict): string[] {
  const place = printable(environment ?? 'the folder')
  if (status === 'unknown') return [`-- ${place} could not be checked: ${printable(reason ?? 'no reason given')}`]
  if (findings.length === 0) return []
  const repairable = findings.filter(({ repair }) => repair?.database !== undefined)
  const losing = repairable.filter((each) => hazardsOf(each).some((hazard) => hazard.startsWith('data loss')))
  const lines = [
    `-- Makes ${place} as it should be: ${count(repairable.length, 'repair')} for ${count(findings.length, 'finding')}, ${losing.length} with loss of data.`,
    '-- Raingauge never runs this. Read it, keep what you want, and run it with ON_ERROR_STOP against this database alone, as the role that deploys.',
  ]
  let open = false
  for (const finding of findings) {
    const alone = hazardsOf(finding).some((hazard) => ALONE.includes(hazard))
    const sql = finding.repair?.database
    if (sql !== undefined && open === alone) {
      lines.push('', open ? 'COMMIT;' : 'BEGIN;')
      open = !open
    }
    lines.push('', ...comments(finding), ...(sql === undefined ? ['-- takes a person'] : [sql]))
  }
  return open ? [...lines, '', 'COMMIT;'] : lines
}

function comments(finding: Finding): string[] {
  return [
    `-- ${finding.severity}: ${printable(finding.summary)}`,
    ...hazardsOf(finding).map((hazard) => `-- ! ${printable(hazard)}`),
  ]
}

/** Of the repair of the database. */
function hazardsOf({ repair }: Finding): string[] {
  if (repair?.database === undefined) return []
  return repair.hazardsOf?.database ?? repair.hazards
}
