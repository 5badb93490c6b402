// Pairs the members of two lists by one rule after the other.

type Key = string | number | null

/** Two members that have the same key make a pair; a null key pairs with nothing. */
export type PairingRule<Left, Right> = { left: (member: Left) => Key; right: (member: Right) => Key }

/**
 * Pairs each of `left` with at most one of `right`, first come first served: all that the first rule pairs, then of those left over
 * all that the second pairs, and so on. Tells by which rule (its place in `rules`).
 */
export function pairUp<Left, Right>(
  left: readonly Left[],
  right: readonly Right[],
  rules: readonly PairingRule<Left, Right>[],
): Map<Left, { right: Right; rule: number }> {
  const pairs = new Map<Left, { right: Right; rule: number }>()
  const free = new Set(right)
  for (const [number, rule] of rules.entries()) {
    const byKey = Map.groupBy(free, rule.right)
    for (const member of left) {
      const key = rule.left(member)
      if (key === null || pairs.has(member)) continue
      const partner = byKey.get(key)?.shift()
      if (partner === undefined) continue
      pairs.set(member, { right: partner, rule: number })
      free.delete(partner)
    }
  }
  return pairs
}
