// How the values of one type become another's.

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

/**
 * The cast, to be put behind a value: `::bigint`, or through text where the types are strangers, which the server always takes but for
 * values that do not read as the other type (manual, CREATE CAST: I/O conversion casts).
 */
export function castBetween(from: string, to: string): string {
  const [one, other] = [elementOf(from), elementOf(to)]
  const direct =
    one === other || TEXTS.has(one) || TEXTS.has(other) || KIN.some((kin) => kin.includes(one) && kin.includes(other))
  if (direct && isArray(from) === isArray(to)) return `::${to}`
  return isArray(from) && isArray(to) ? `::text[]::${to}` : `::text::${to}`
}

/** `numeric` of `numeric(10,2)[]`. */
function elementOf(type: string): string {
  return type.replaceAll(/\([^)]*\)|\[\]/g, '').replace(/^interval .*/, 'interval')
}

function isArray(type: string): boolean {
  return type.endsWith('[]')
}
