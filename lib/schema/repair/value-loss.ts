// What becomes of values when their column gets another type, beyond being refused.
import { isArrayType, lengthOf, scaleOf, typeAlone } from './type-words.ts'

const WHOLE: readonly string[] = ['smallint', 'integer', 'bigint']
const FLOATS: readonly string[] = ['real', 'double precision']
const TIMES: readonly string[] = ['timestamp without time zone', 'timestamp with time zone']
const CLOCKS: readonly string[] = [...TIMES, 'time without time zone', 'time with time zone', 'interval']
const TEXTS: readonly string[] = ['text', 'character varying', 'character', 'name']
/** What is read from a text by these is rounded, or what they do not keep is passed over. */
const READ_LOOSELY: readonly string[] = [...FLOATS, ...CLOCKS, 'date', 'jsonb', 'cidr']

/** True where values may be rounded or cut off without a word (pg_cast, and what the types are made to hold). */
export function losesBetween(from: string, to: string): boolean {
  const [one, other] = [typeAlone(from), typeAlone(to)]
  if (one === other) return isRougher(from, to)
  if (other === 'name') return true
  if (CLOCKS.includes(one) && isShorter(from, to)) return true
  if (one === 'numeric') return (WHOLE.includes(other) && scaleOf(from) !== 0) || FLOATS.includes(other)
  if (WHOLE.includes(one)) {
    const isExact = one === 'smallint' || (one === 'integer' && other === 'double precision')
    return (FLOATS.includes(other) && !isExact) || other === 'boolean' || isRounded(to)
  }
  if (FLOATS.includes(one)) return !TEXTS.includes(other) && other !== 'double precision'
  if (TEXTS.includes(one)) return READ_LOOSELY.includes(other) || isRounded(to)
  if (TIMES.includes(one)) return other === 'date' || other.startsWith('time ')
  if (one === 'interval') return other.startsWith('time ')
  if (one === 'time with time zone') return other === 'time without time zone'
  return (one === 'inet' && other === 'cidr') || (one === 'json' && other === 'jsonb')
}

/** True where the rows stay as they are (tablecmds.c, ATColumnChangeRequiresRewrite): every value of the one is one of the other. */
export function keepsRows(from: string, to: string): boolean {
  const [one, other] = [typeAlone(from), typeAlone(to)]
  if (from === to) return true
  if (isArrayType(from) || isArrayType(to)) return false
  if (one === 'character varying' && other === 'text') return true
  if ((one === 'text' && to === 'character varying') || (one === 'cidr' && other === 'inet')) return true
  if (one !== other || !LENGTHENED.has(one)) return false
  if (one === 'numeric' && lengthOf(to) !== undefined && scaleOf(from) !== scaleOf(to)) return false
  return (lengthOf(from) ?? Infinity) <= (lengthOf(to) ?? Infinity)
}

/** True where what is stored depends on the time zone of whoever runs it. */
export function readsTimeZone(from: string, to: string): boolean {
  const zoned = [from, to].map((type) => typeAlone(type) === TIMES[1])
  const other = typeAlone(zoned[0] === true ? to : from)
  return zoned[0] !== zoned[1] && !(zoned[0] === true && TEXTS.includes(other))
}

const LENGTHENED: ReadonlySet<string> = new Set(['character varying', 'bit varying', 'numeric'])

function isRougher(from: string, to: string): boolean {
  return typeAlone(to) === 'numeric'
    ? isRounded(to) && (scaleOf(from) ?? Infinity) > (scaleOf(to) ?? 0)
    : isShorter(from, to)
}

/** True for a number that keeps so many digits only. */
function isRounded(to: string): boolean {
  return typeAlone(to) === 'numeric' && lengthOf(to) !== undefined
}

/** Where none is said, times have six digits behind the second. */
function isShorter(from: string, to: string): boolean {
  return CLOCKS.includes(typeAlone(to)) && (lengthOf(from) ?? 6) > (lengthOf(to) ?? 6)
}
