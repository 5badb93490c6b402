// Any of the histories that a ledger allows may be the one, and what fits one is right.
import { hasCode } from '../error.ts'
import { failsForRows } from '../schema/without-data.ts'
import type { Judgement } from './judge.ts'
import type { History } from './other-histories.ts'

/**
 * The judgement that tells least: each migration deployed by itself, and where that differs or cannot be replayed, one of the `others`.
 * Throws what `judgeAs` throws, `scratch.replay` only where no history can be replayed.
 */
export async function judgeBestHistory(
  judgeAs: (history: History) => Promise<Judgement>,
  others: () => Promise<History[]>,
): Promise<Judgement> {
  const settle = async (history: History) => {
    const [settled] = await Promise.allSettled([judgeAs(history)])
    if (settled.status === 'rejected' && !hasCode(settled.reason, 'scratch.replay')) throw settled.reason
    return settled
  }
  let best = await settle({})
  const untried = isFine(best) ? [] : await others()
  if (best.status === 'rejected' && failsForRows(best.reason.cause)) untried.push({ withoutData: true })
  for (const history of untried) {
    if (isFine(best)) break
    const other = await settle(history)
    if (other.status === 'fulfilled' && (history.withoutData ? isFine(other) : tellsLess(other.value, best)))
      best = other
  }
  if (best.status === 'rejected') throw best.reason
  return best.value
}

function isFine(judged: PromiseSettledResult<Judgement>): boolean {
  return judged.status === 'fulfilled' && judged.value.findings.length === 0
}

function tellsLess(judgement: Judgement, other: PromiseSettledResult<Judgement>): boolean {
  if (other.status === 'rejected') return true
  if (other.value.incomplete !== undefined) return false
  // One that may be right, and cannot be had on scratch.
  if (judgement.incomplete !== undefined) return true
  return judgement.findings.length < other.value.findings.length
}
