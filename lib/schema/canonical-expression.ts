// pg_dump and a restore do not bring every expression back as it was written: these are made alike, on both sides, when they are read.

/**
 * The expression as the server would write it after a dump and a restore. Three things change on that way (ruleutils.c writes, gram.y reads):
 * `x IN ('a')` on varchar casts the whole array and comes back casting each element; and an AND (from BETWEEN, say) or OR that
 * stands first within another is taken into it (`makeAndExpr`, `makeOrExpr`).
 */
export function canonicalExpression(text: string): string {
  const cast = text.includes('::text[]')
    ? text
        .replaceAll(CAST_ARRAY, (_, items: string) => castEach(items, '($&)::text'))
        .replaceAll(PRETTY_ARRAY, (_, items: string) => castEach(items, '$&::text'))
    : text
  return /\(\(/.test(cast) && /\b(?:AND|OR|ROW)\b/.test(cast) ? flatten(cast) : cast
}

const ELEMENT = String.raw`E?'(?:[^']|'')*'::character varying(?:\(\d+\))?`
const CAST_ARRAY = new RegExp(String.raw`\(ARRAY\[(${ELEMENT}(?:, ${ELEMENT})*)\]\)::text\[\]`, 'g')

/** As pg_get_statisticsobjdef writes it, with no parenthesis that is not needed. */
const PRETTY_ARRAY = new RegExp(String.raw`ARRAY\[(${ELEMENT}(?:, ${ELEMENT})*)\]::text\[\]`, 'g')

function castEach(items: string, element: string): string {
  return `ARRAY[${items.replaceAll(new RegExp(ELEMENT, 'g'), element)}]`
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
      group.splice(0, group.length, ...takenIn(eachByItself(group)))
    } else inner.push(token)
  }
  return root.map(write).join('')
}

/** How two rows are compared, and what that is for their elements. */
const ROW_COMPARISONS: Record<string, [each: string, join: string, negated?: true]> = {
  'IS DISTINCT FROM': ['IS DISTINCT FROM', 'OR'],
  'IS NOT DISTINCT FROM': ['IS DISTINCT FROM', 'OR', true],
  '=': ['=', 'AND'],
  '<>': ['<>', 'OR'],
}

/** `ROW(a, b) = ROW(1, 2)` as `(a = 1) AND (b = 2)`, on every level; any other group as it is. */
function eachByItself(group: readonly Part[]): Part[] {
  const [row, left, ...rest] = group
  const [right, otherRow] = rest.toReversed()
  if (row !== 'ROW' || otherRow !== 'ROW' || !Array.isArray(left) || !Array.isArray(right)) return [...group]
  const [ours, theirs] = [elementsOf(left), elementsOf(right)]
  const how = ROW_COMPARISONS[rest.slice(0, -2).join('').trim()]
  if (how === undefined || ours.length !== theirs.length || ours.length < 2) return [...group]
  const [each, join, negated] = how
  const pairs = ours.map((element, index) =>
    eachByItself([...element, ' ', ...asParts(each), ' ', ...(theirs[index] ?? [])]),
  )
  const joined = pairs.flatMap((pair, index): Part[] => (index === 0 ? [pair] : [' ', join, ' ', pair]))
  return negated === true ? ['NOT', ' ', joined] : joined
}

/** In words and blanks, as they are read. */
function asParts(text: string): string[] {
  return text.match(/\w+|\s+|[^]/g) ?? []
}

function elementsOf(row: readonly Part[]): Part[][] {
  const elements: Part[][] = [[]]
  for (const part of row) {
    if (part === ',') elements.push([])
    else if (elements.at(-1)?.length !== 0 || typeof part !== 'string' || part.trim() !== '')
      elements.at(-1)?.push(part)
  }
  return elements
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
