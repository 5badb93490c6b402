import type { Difference } from './difference.ts'

/** The same difference as who goes the other way sees it: what is and what should be change places. */
export function turnedDifference(difference: Difference): Difference {
  switch (difference.kind) {
    case 'missing':
      return { kind: 'unexpected', actual: difference.expected }
    case 'unexpected':
      return { kind: 'missing', expected: difference.actual }
    case 'changed':
    case 'renamed':
      return { ...difference, expected: difference.actual, actual: difference.expected }
    default:
      return difference satisfies never
  }
}
