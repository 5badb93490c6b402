// The rules of the schema check as zod: the configuration file and the document that a function is given hold the same.
import { z } from 'zod'
import { PLATFORMS } from './config.ts'
import { FINDING_KINDS } from '../finding.ts'
import { globFits } from '../glob.ts'
import { OBJECT_CLASSES } from '../object-class.ts'

const text = z.string().min(1)

const FITS_EVERYTHING = 'fits everything: name a kind, class, name or attribute'

const NO_SUCH_CLASS = { path: ['class'], error: `fits no class; there are: ${OBJECT_CLASSES.join(', ')}` }

const pattern = {
  kind: z.enum(Object.keys(FINDING_KINDS).filter((kind) => kind.startsWith('schema.'))).exactOptional(),
  class: text.exactOptional(),
  name: text.exactOptional(),
  attribute: text.exactOptional(),
  environment: text.exactOptional(),
}

export const ignoreRule = z
  .strictObject({ ...pattern, reason: text, expires: z.iso.date('must be a day, such as 2026-12-31').exactOptional() })
  .refine(saysWhat, FITS_EVERYTHING)
  .refine(hasClass, NO_SUCH_CLASS)

export const severityRule = z
  .strictObject({ ...pattern, severity: z.enum(['critical', 'warning', 'info']) })
  .refine(saysWhat, FITS_EVERYTHING)
  .refine(hasClass, NO_SUCH_CLASS)

export const platform = z.enum([...PLATFORMS, 'none'])

export const roleNames = z.record(text, text)

function saysWhat(rule: Partial<Record<'kind' | 'class' | 'name' | 'attribute', string>>): boolean {
  return [rule.kind, rule.class, rule.name, rule.attribute].some((part) => part !== undefined)
}

/** A misspelt class would ignore nothing, and nobody would know why. What is not modelled has classes of the server's own. */
function hasClass({ kind, class: glob }: { kind?: string | undefined; class?: string | undefined }): boolean {
  return glob === undefined || kind === 'schema.unmodelled' || OBJECT_CLASSES.some((each) => globFits(glob, each))
}
