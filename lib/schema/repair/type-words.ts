// What a type says of itself, as format_type writes it.

/** `numeric` of `numeric(10,2)[]`. */
export function typeAlone(type: string): string {
  return type.replaceAll(/\([^)]*\)|\[\]/g, '').replace(/^interval .*/, 'interval')
}

export function isArrayType(type: string): boolean {
  return type.endsWith('[]')
}

/** 10 of `numeric(10,2)` and of `character varying(10)`; undefined where none is said. */
export function lengthOf(type: string): number | undefined {
  const found = /\((\d+)/.exec(type)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** 2 of `numeric(10,2)`, which may be less than nothing; undefined where none is said. */
export function scaleOf(type: string): number | undefined {
  const found = /,(-?\d+)\)/.exec(type)?.[1]
  return found === undefined ? undefined : Number(found)
}
