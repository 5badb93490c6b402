// Functions whose bodies the server cannot look into when they are made again.
import { list, text } from '../ddl/fact-text.ts'
import type { CatalogObject } from '../catalog.ts'
import { hasStandardBody } from './standard-body.ts'

/**
 * The statements that make these objects, with the check of bodies switched off where one was written for another search path than
 * that of whoever repairs: pg_dump does so, too (pg_dump.c, setup_connection).
 */
export function uncheckedBodies(statements: readonly string[], objects: readonly CatalogObject[]): string[] {
  if (!objects.some(leansOnPath)) return [...statements]
  return ['SET check_function_bodies = off', ...statements, 'RESET check_function_bodies']
}

/** What lives in `public` finds its like without a path, and what sets one of its own is looked into by that. */
function leansOnPath(object: CatalogObject): boolean {
  if (object.class !== 'function' && object.class !== 'procedure') return false
  if (object.path[0] === 'public' || hasStandardBody(object)) return false
  const language = text(object, 'language')
  const setsPath = list(object, 'settings').some((each) => each.startsWith('search_path'))
  return (language === 'sql' || language === 'plpgsql') && !setsPath
}
