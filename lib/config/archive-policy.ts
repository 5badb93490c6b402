// What is asked of archives: how fresh and how proven they must be, and how long they are kept. As a person writes it, and complete.
import { z } from 'zod'
import { secretSource, type SecretSource } from './secret-source.ts'

/** What `archives` in `raingauge.config.ts` may say. */
export type ArchiveConfig = {
  /** The newest verified archive may be this old. Default 30: a nightly backup, and the hours it may take. */
  staleAfterHours?: number
  /** The newest successful drill may be this old. Default 9: a weekly drill, and a day or two. */
  drillWithinDays?: number
  /** An archive this much smaller than the median of those before it is told: a share between 0 and 1. Default 0.5. */
  shrunkBelow?: number
  /** Encrypts what goes into the store to these age public keys (`age1…`). The bucket alone is then worth nothing. */
  encryption?: {
    recipients: string[]
    /** A private key, where drills may have it: what `age-keygen` wrote. Without it they say what they could not do. */
    identity?: SecretSource
  }
  /** Object Lock for every verified archive: for so many days nobody deletes it, with `compliance` not even the owner of the account. Default mode: governance. */
  lock?: { days: number; mode?: 'governance' | 'compliance' }
  /** Which verified archives `raingauge prune` keeps: the newest of so many days, weeks, months and years. */
  keep?: {
    /** Default 7. */
    daily?: number
    /** Default 5. */
    weekly?: number
    /** Default 12. */
    monthly?: number
    /** Default 0. */
    yearly?: number
    /** The newest so many are kept in any case, 1 at least. Default 3. */
    atLeast?: number
  }
}

/** {@link ArchiveConfig} with every default filled in. */
export type ArchivePolicy = {
  /** True where archives are spoken of in the configuration: then it is a finding to have none. */
  expected: boolean
  staleAfterHours: number
  drillWithinDays: number
  shrunkBelow: number
  /** age public keys; none: nothing is encrypted. */
  recipients: string[]
  /** null: nothing is locked. */
  lock: LockPolicy | null
  keep: RetentionPolicy
}

export type LockPolicy = { days: number; mode: 'governance' | 'compliance' }

export type RetentionPolicy = Required<NonNullable<ArchiveConfig['keep']>>

const number = z.number().positive()
/** As age-keygen writes them (age-encryption.org/v1). A letter that is wrong is found by the first backup. */
const recipient = z.string().regex(/^age1[a-z0-9]{10,}$/, 'must be an age public key: age1…')
const lockMode = z.enum(['governance', 'compliance'])
const count = z.number().int().min(0)

export const archiveConfig = z.strictObject({
  staleAfterHours: number.optional(),
  drillWithinDays: number.optional(),
  shrunkBelow: z.number().min(0).max(1).optional(),
  encryption: z
    .strictObject({ recipients: z.array(recipient).min(1, 'names no public key'), identity: secretSource.optional() })
    .optional(),
  lock: z.strictObject({ days: z.number().int().positive(), mode: lockMode.optional() }).optional(),
  keep: z
    .strictObject({
      daily: count.optional(),
      weekly: count.optional(),
      monthly: count.optional(),
      yearly: count.optional(),
      atLeast: count.min(1, 'must be 1 or more: the last good archive is never deleted').optional(),
    })
    .optional(),
})

export const archivePolicy = z.strictObject({
  expected: z.boolean(),
  staleAfterHours: number,
  drillWithinDays: number,
  shrunkBelow: z.number(),
  recipients: z.array(recipient),
  lock: z.strictObject({ days: z.number(), mode: lockMode }).nullable(),
  keep: z.strictObject({ daily: count, weekly: count, monthly: count, yearly: count, atLeast: count.min(1) }),
})

/** The policy that this configuration asks for; undefined: nothing is said of archives. */
export function completeArchivePolicy(written: ArchiveConfig | undefined): ArchivePolicy {
  const keep = written?.keep
  return {
    expected: written !== undefined,
    staleAfterHours: written?.staleAfterHours ?? 30,
    drillWithinDays: written?.drillWithinDays ?? 9,
    shrunkBelow: written?.shrunkBelow ?? 0.5,
    recipients: written?.encryption?.recipients ?? [],
    lock: written?.lock === undefined ? null : { days: written.lock.days, mode: written.lock.mode ?? 'governance' },
    keep: {
      daily: keep?.daily ?? 7,
      weekly: keep?.weekly ?? 5,
      monthly: keep?.monthly ?? 12,
      yearly: keep?.yearly ?? 0,
      atLeast: keep?.atLeast ?? 3,
    },
  }
}
