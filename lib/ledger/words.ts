// How findings about history put things.

const LONGEST_LIST = 5

/** The first few, and how many more. */
export function listTags(tags: string[]): string {
  const rest = tags.length - LONGEST_LIST
  return tags.slice(0, LONGEST_LIST).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** UTC, to the second; the number itself where it is beyond what a date can be. */
export function isoTime(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString().replace(/\.\d+Z$/, 'Z')
}
