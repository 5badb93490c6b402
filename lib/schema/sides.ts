/** What the two sides of a comparison are called. */
export type Sides = {
  /** Where what is was found: an environment, or `B`. */
  actual: string
  /** Where what should be comes from: null for the migrations, else a name such as `A`. */
  expected: string | null
}

/** `missing from B, though A has it`; `contents` goes after the place. */
export function missingFrom({ actual, expected }: Sides, contents = ''): string {
  const why = expected === null ? 'the migrations make it' : `${expected} has it`
  return `missing from ${actual}${contents}, though ${why}`
}

/** `in B, but not in A`; `contents` goes after the place. */
export function unexpectedIn({ actual, expected }: Sides, contents = ''): string {
  return `in ${actual}${contents}, but ${expected === null ? 'in no migration' : `not in ${expected}`}`
}

/** `in the migrations`, `in A`. */
export function inExpected({ expected }: Sides): string {
  return `in ${expected ?? 'the migrations'}`
}
