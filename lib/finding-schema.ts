// Findings as zod: what is read back from the store is held against the same words everywhere.
import { z } from 'zod'
import { FINDING_KINDS, type FindingKind } from './finding.ts'

const thing = z.object({ class: z.string(), name: z.string() })

export const storedFinding = z.object({
  id: z.string(),
  kind: z.enum(Object.keys(FINDING_KINDS) as [FindingKind, ...FindingKind[]]),
  severity: z.enum(['critical', 'warning', 'info']),
  subject: thing,
  within: thing.exactOptional(),
  summary: z.string(),
  expected: z.string().exactOptional(),
  actual: z.string().exactOptional(),
  repair: z
    .object({
      database: z.string().exactOptional(),
      adopt: z.string().exactOptional(),
      hazards: z.array(z.string()),
      hazardsOf: z.object({ database: z.array(z.string()), adopt: z.array(z.string()) }).exactOptional(),
    })
    .exactOptional(),
})

export const storedIgnored = z.object({
  finding: storedFinding,
  reason: z.string(),
  expires: z.string().exactOptional(),
})
