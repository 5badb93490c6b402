// Which keys a store takes: the same for all, so that what works in a folder works in S3.
import { RaingaugeError } from '../error.ts'

// ASCII only, so that byte order, string order and the order of S3 are one. No leading dot: those names are the store's own.
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._+=@~-]*$/
const SEGMENT_START = /^(?:[A-Za-z0-9_][A-Za-z0-9._+=@~-]*)?$/

/** Of S3: docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html. */
const LONGEST_KEY = 1024
/** Of the usual file systems (255), less what a temporary name adds. */
const LONGEST_SEGMENT = 200

/** Throws `usage` unless the key is one that every store takes and that cannot leave its root. */
export function checkKey(key: string): void {
  if (!isKey(key)) throw refused('key', key)
}

/** True for a key that every store takes. */
export function isKey(text: string): boolean {
  return text.length <= LONGEST_KEY && text.split('/').every(isSegment)
}

/** True for a name that can be a segment of a key. */
export function isSegment(name: string): boolean {
  return SEGMENT.test(name) && name.length <= LONGEST_SEGMENT
}

/** Throws `usage` unless the prefix is empty or the beginning of such a key. */
export function checkPrefix(prefix: string): void {
  const segments = prefix.split('/')
  const last = segments.pop() ?? ''
  if (!segments.every((each) => SEGMENT.test(each)) || !SEGMENT_START.test(last)) throw refused('prefix', prefix)
}

/** Throws `usage` unless `[start, end)` is a range of bytes. */
export function checkRange(range: { start: number; end: number } | undefined): void {
  if (range === undefined) return
  const { start, end } = range
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start) return
  throw new RaingaugeError('usage', `[${start}, ${end}) is not a range of bytes`)
}

function refused(what: string, text: string): RaingaugeError {
  return new RaingaugeError('usage', `the store takes no ${what} like ${JSON.stringify(text.slice(0, 120))}`, {
    remedy: 'names of letters, digits and ._+=@~- that begin with no dot, parted by single slashes',
  })
}
