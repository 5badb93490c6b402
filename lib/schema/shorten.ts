/** Lines kept around the part that differs. */
const CONTEXT = 1

/** Both texts without the lines that they share at their beginning and end, but for one on either side. */
export function onlyDifferingLines(a: string, b: string): [string, string] {
  const [left, right] = [a.split('\n'), b.split('\n')]
  const shorter = Math.min(left.length, right.length)
  let before = 0
  while (before < shorter && left[before] === right[before]) before++
  let after = 0
  while (after < shorter - before && left.at(-1 - after) === right.at(-1 - after)) after++
  return [left, right].map((lines) => cut(lines, before - CONTEXT, after - CONTEXT).join('\n')) as [string, string]
}

function cut(lines: string[], fromStart: number, fromEnd: number): string[] {
  // One line less is no shorter with a line of dots in its place.
  const [head, tail] = [fromStart > 1 ? fromStart : 0, fromEnd > 1 ? fromEnd : 0]
  return [...(head > 0 ? ['…'] : []), ...lines.slice(head, lines.length - tail), ...(tail > 0 ? ['…'] : [])]
}
