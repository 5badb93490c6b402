// How the values of one type become another's.
import { isArrayType, lengthOf, typeAlone } from './type-words.ts'

/** Types with casts among them that say more than their texts do (pg_cast). */
const KIN: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'],
  ['integer', 'boolean'],
  ['integer', 'bigint', 'oid', 'regclass', 'regproc', 'regprocedure', 'regtype', 'regrole', 'regnamespace'],
  ['date', 'timestamp without time zone', 'timestamp with time zone'],
  ['time without time zone', 'time with time zone'],
  ['time without time zone', 'interval'],
  ['json', 'jsonb'],
  ['bit', 'bit varying'],
  ['inet', 'cidr'],
  ['macaddr', 'macaddr8'],
]

/** These cast to and from everything. */
const TEXTS = new Set(['text', 'character varying', 'character', 'name'])

/** Cast in so many words to one of these with a length, a value that is too long would be cut off: the column takes the other, or refuses it. */
const UNLIMITED: Readonly<Record<string, string>> = {
  'character varying': 'text',
  character: 'text',
  'bit varying': 'bit varying',
  bit: 'bit varying',
}

/**
 * The cast, to be put behind a value: `::bigint`, or through text where the types are strangers, which the server always takes but for
 * values that do not read as the other type (manual, CREATE CAST: I/O conversion casts). What is too long for the type is refused.
 */
export function castBetween(from: string, to: string): string {
  const type = unlimited(from, to)
  const [one, other] = [typeAlone(from), typeAlone(to)]
  const direct =
    one === other || TEXTS.has(one) || TEXTS.has(other) || KIN.some((kin) => kin.includes(one) && kin.includes(other))
  const isText = type === 'text' || type === 'text[]'
  if ((direct || isText) && isArrayType(from) === isArrayType(to)) return `::${type}`
  if (isText && !isArrayType(to)) return '::text'
  return isArrayType(from) && isArrayType(to) ? `::text[]::${type}` : `::text::${type}`
}

/** The type itself where every value fits it: the server sees that no row is to be written again then. */
function unlimited(from: string, to: string): string {
  const [one, other] = [typeAlone(from), typeAlone(to)]
  const [before, after] = [lengthOf(from) ?? Infinity, lengthOf(to)]
  const wide = UNLIMITED[other]
  if (wide === undefined || after === undefined || (one === other && before <= after)) return to
  return isArrayType(to) ? `${wide}[]` : wide
}
