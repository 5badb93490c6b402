import type { CatalogObject } from '../catalog.ts'
import { has, text, words } from './fact-text.ts'

/** The constraint as it stands after its name in ADD CONSTRAINT, but for NOT VALID. */
export function constraintDefinition(constraint: CatalogObject): string {
  const enforced = has(constraint, 'notEnforced') && 'NOT ENFORCED'
  return words(text(constraint, 'definition'), text(constraint, 'deferrable'), enforced)
}
