// How many of what, as people write it.

/** `1 finding`, `3 findings`, `12,000 rows`. */
export function count(many: number, one: string, more = `${one}s`): string {
  return `${many.toLocaleString('en-US')} ${many === 1 ? one : more}`
}

/** All of them: `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

const LONGEST_LIST = 5

/** The first few, and how many more: `a, b, c, d, e and 7 more`. */
export function firstFew(words: readonly string[]): string {
  const rest = words.length - LONGEST_LIST
  return words.slice(0, LONGEST_LIST).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
