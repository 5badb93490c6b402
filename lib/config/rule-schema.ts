// The rules of the schema check as zod: the configuration file and the document that a function is given hold the same.
import { z } from 'zod'
import { PLATFORMS } from './config.ts'
import { FINDING_KINDS } from '../finding.ts'

const text = z.string().min(1)

const pattern = {
  kind: z.enum(Object.keys(FINDING_KINDS).filter((kind) => kind.startsWith('schema.'))).exactOptional(),
  class: text.exactOptional(),
  name: text.exactOptional(),
  attribute: text.exactOptional(),
  environment: text.exactOptional(),
}

export const ignoreRule = z
  .strictObject({ ...pattern, reason: text, expires: z.iso.date('must be a day, such as 2026-12-31').exactOptional() })
  .refine(saysWhat, 'fits everything: name a kind, class, name or attribute')

export const severityRule = z
  .strictObject({ ...pattern, severity: z.enum(['critical', 'warning', 'info']) })
  .refine(saysWhat, 'fits everything: name a kind, class, name or attribute')

export const platform = z.enum([...PLATFORMS, 'none'])

export const roleNames = z.record(text, text)

function saysWhat(rule: Partial<Record<'kind' | 'class' | 'name' | 'attribute', string>>): boolean {
  return [rule.kind, rule.class, rule.name, rule.attribute].some((part) => part !== undefined)
}
