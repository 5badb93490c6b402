// pg_dump and a restore do not bring every expression back as it was written: these are made alike, on both sides, when they are read.

/**
 * The expression as the server would write it after a dump and a restore. Two things change on that way (ruleutils.c writes, gram.y reads):
 * `x IN ('a')` on varchar casts the whole array and comes back casting each element; and an AND (from BETWEEN, say) or OR that
 * stands first within another is taken into it (`makeAndExpr`, `makeOrExpr`).
 */
export function canonicalExpression(text: string): string {
  const cast = text.includes(')::text[]') ? text.replaceAll(CAST_ARRAY, (_, items: string) => castEach(items)) : text
  return /\(\(/.test(cast) && /\b(?:AND|OR)\b/.test(cast) ? flatten(cast) : cast
}

const ELEMENT = String.raw`E?'(?:[^']|'')*'::character varying(?:\(\d+\))?`
const CAST_ARRAY = new RegExp(String.raw`\(ARRAY\[(${ELEMENT}(?:, ${ELEMENT})*)\]\)::text\[\]`, 'g')

function castEach(items: string): string {
  return `ARRAY[${items.replaceAll(new RegExp(ELEMENT, 'g'), '($&)::text')}]`
}

/** A text, or what stands between two parentheses. */
type Part = string | Part[]

function flatten(text: string): string {
  const root: Part[] = []
  const open: Part[][] = [root]
  // Strings and quoted names whole, words whole, all else character by character.
  for (const [token] of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\s+|[^]/g)) {
    const inner = open.at(-1) ?? root
    if (token === '(') {
      const group: Part[] = []
      inner.push(group)
      open.push(group)
    } else if (token === ')' && open.length > 1) {
      open.pop()
      const group = inner
      const joined = takenIn(group)
      group.splice(0, group.length, ...joined)
    } else inner.push(token)
  }
  return root.map(write).join('')
}

/** The parts of a group, with those of a first group that is joined by the same word in its place. */
function takenIn(group: readonly Part[]): Part[] {
  const [first, blank, word] = group
  if (!Array.isArray(first) || typeof blank !== 'string' || blank.trim() !== '' || (word !== 'AND' && word !== 'OR')) {
    return [...group]
  }
  return joinedBy(first, word) && joinedBy(group, word) ? [...first, ...group.slice(1)] : [...group]
}

function joinedBy(group: readonly Part[], word: 'AND' | 'OR'): boolean {
  const other = word === 'AND' ? 'OR' : 'AND'
  return group.includes(word) && !group.includes(other) && !group.includes(',')
}

function write(part: Part): string {
  return typeof part === 'string' ? part : `(${part.map(write).join('')})`
}
