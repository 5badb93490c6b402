// How a sequence comes into other bounds: the server takes none that its value is outside of.
import pg from 'pg'
import { HAZARD } from '../../hazard.ts'
import type { CatalogObject } from '../catalog.ts'
import { text } from '../ddl/fact-text.ts'
import { step, type Step } from './step.ts'

export type Bounds = { min: bigint; max: bigint }

/** Of these two facts. */
export function boundsOf(object: CatalogObject, min: string, max: string): Bounds {
  return { min: BigInt(text(object, min) ?? 0), max: BigInt(text(object, max) ?? 0) }
}

/**
 * `alter` says the new bounds of the sequence `name`, which is quoted. A value outside of them is moved to the nearest; where the bounds
 * have nothing in common the sequence starts anew.
 */
export function boundSteps(alter: string, name: string, from: Bounds, { min, max }: Bounds): Step[] {
  if (min <= from.min && max >= from.max) return [step(alter)]
  if (min > from.max || max < from.min) return [step(`${alter} RESTART`, HAZARD.sequenceStart)]
  const nearest = `LEAST(GREATEST(last_value, ${min}), ${max})`
  const set = `SELECT pg_catalog.setval(${pg.escapeLiteral(name)}, ${nearest}, is_called) FROM ${name} WHERE last_value <> ${nearest}`
  return [step(set, HAZARD.sequenceStart), step(alter)]
}
