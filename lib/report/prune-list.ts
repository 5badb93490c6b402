// What a prune keeps and removes, for a person.
import { count } from '../words.ts'
import { printable } from './printable.ts'

type Listed = {
  environment: string
  keep: readonly { id: string; reasons: readonly string[] }[]
  remove: readonly { id: string; reason: string }[]
}

/** A line an archive with its reasons, the newest first. `dryRun`: nothing was removed. */
export function pruneList(pruned: readonly Listed[], { dryRun }: { dryRun: boolean }): string {
  return pruned
    .map(({ environment, keep, remove }) => {
      const verb = dryRun ? 'would be removed' : 'removed'
      return [
        `${printable(environment)}: ${count(keep.length, 'archive')} kept, ${remove.length} ${verb}`,
        ...keep.map(({ id, reasons }) => `  keep    ${id}  ${reasons.join('; ')}`),
        ...remove.map(({ id, reason }) => `  remove  ${id}  ${reason}`),
      ].join('\n')
    })
    .join('\n\n')
}
