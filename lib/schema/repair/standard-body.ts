import type { CatalogObject } from '../catalog.ts'
import { text } from '../ddl/fact-text.ts'

/**
 * True for a function with a body of standard SQL, which the server looks into; any other body is a text to it. What
 * pg_get_function_sqlbody writes (ruleutils.c) begins with words that no statement of SQL begins with.
 */
export function hasStandardBody(object: CatalogObject): boolean {
  return text(object, 'language') === 'sql' && /^(?:RETURN |BEGIN ATOMIC\b)/.test(text(object, 'body') ?? '')
}
