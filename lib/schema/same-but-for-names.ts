// Compares the server's text as tokens, so that names which were changed on purpose are told from any other change.
import type { Fact } from './catalog.ts'

/** Old name → new name, as bare identifiers. */
export type Names = ReadonlyMap<string, string>

/** A quoted identifier, a string, a bare word or number, or a single character; blanks are no tokens. */
const TOKEN = /"(?:[^"]|"")*"|'(?:[^']|'')*'|[\p{L}_][\p{L}\p{N}_$]*|\d[\w.]*|\S/gu

/** True where both facts are equal once names of `names` are taken for each other. */
export function sameButForNames(expected: Fact | undefined, actual: Fact | undefined, names: Names): boolean {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return expected.length === actual.length && expected.every((each, index) => sameText(each, actual[index]!, names))
  }
  if (typeof expected === 'string' && typeof actual === 'string') return sameText(expected, actual, names)
  return expected === actual
}

/** The text with every such name replaced, for use as a key. */
export function withNames(text: string, names: Names): string {
  return text.replaceAll(TOKEN, (token) => names.get(bare(token)) ?? bare(token))
}

function sameText(expected: string, actual: string, names: Names): boolean {
  if (expected === actual) return true
  const [left, right] = [expected.match(TOKEN) ?? [], actual.match(TOKEN) ?? []]
  let at = 0
  for (const [index, token] of left.entries()) {
    const other = right[at++]
    if (other === token) continue
    const isReference = left.slice(index + 1, index + 4).join('') === '::regclass'
    if (isReference && other !== undefined && sameText(inside(token), inside(other), names)) continue
    const renamed = names.get(bare(token))
    if (other === undefined || renamed === undefined || bare(other) !== renamed) return false
    // A view keeps its own column's name when that of the table changes: `mail AS email`.
    if (right[at]?.toUpperCase() === 'AS' && right[at + 1] === token) at += 2
  }
  return at === right.length
}

/** What stands in a string: `nextval('app.tickets'::regclass)` follows a renamed sequence. */
function inside(token: string): string {
  return token.startsWith("'") ? token.slice(1, -1) : token
}

function bare(token: string): string {
  return token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token
}
