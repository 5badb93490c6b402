// How far an archive is trusted, by the proofs that lie beside it.
import { expect, test } from 'vitest'
import { isMadeGood, trustOf, type Failure, type Restoration, type Verification } from '../../lib/archive/proof.ts'

const ID = '20260102T030405Z-01020304'
const SUM = { raw: 'a'.repeat(64), stored: 'b'.repeat(64) }
const OTHER = 'c'.repeat(64)

const EARLY = '2026-01-02T03:00:00.000Z'
const LATE = '2026-01-02T04:00:00.000Z'

const COUNTS = { format: 1, id: ID, durationMs: 1, tables: 1, rows: 1 } as const
const verified = (verifiedAt: string, more: Partial<Verification> = {}): Verification => ({
  ...COUNTS,
  verifiedAt,
  rawBytes: 1,
  storedBytes: 1,
  sha256: SUM,
  decoded: true,
  ...more,
})
const restored = (restoredAt: string, more: Partial<Restoration> = {}): Restoration => ({
  ...COUNTS,
  restoredAt,
  sha256: { stored: SUM.stored },
  serverVersion: '17.10',
  statements: 1,
  ...more,
})
const failed = (stage: Failure['stage'], failedAt: string): Failure => ({
  format: 1,
  id: ID,
  failedAt,
  stage,
  reason: '',
})

const NOTHING = { verification: null, restoration: null, failure: null }

test.each([
  ['nothing proves anything', NOTHING, 'uploaded'],
  ['a verification', { ...NOTHING, verification: verified(EARLY) }, 'verified'],
  ['a restoration', { ...NOTHING, restoration: restored(EARLY) }, 'restored'],
  [
    'one of other bytes',
    { ...NOTHING, verification: verified(EARLY, { sha256: { ...SUM, stored: OTHER } }) },
    'uploaded',
  ],
  ['one of another archive', { ...NOTHING, verification: verified(EARLY, { id: 'another' }) }, 'uploaded'],
  [
    'other bytes were restored',
    { ...NOTHING, restoration: restored(EARLY, { sha256: { stored: OTHER } }) },
    'uploaded',
  ],
  ['another archive was restored', { ...NOTHING, restoration: restored(EARLY, { id: 'another' }) }, 'uploaded'],
  [
    'its bytes were found to be wrong',
    { verification: verified(EARLY), restoration: restored(EARLY), failure: failed('verify', LATE) },
    'uploaded',
  ],
  [
    'its bytes are right, and it could not be restored',
    { verification: verified(EARLY), restoration: restored(EARLY), failure: failed('restore', LATE) },
    'verified',
  ],
])('trust where %s', (_, proofs, trust) => {
  expect(trustOf({ id: ID, sha256: SUM }, proofs)).toBe(trust)
})

test.each([
  ['verify', verified(LATE), null, true],
  ['verify', verified(EARLY), null, false],
  ['verify', null, restored(LATE), false],
  ['restore', null, restored(LATE), true],
  ['restore', null, restored(EARLY), false],
  ['restore', verified(LATE), null, false],
  ['restore', null, null, false],
] as const)(
  'a failure of %s is made good only by a newer proof of its own kind',
  (stage, verification, restoration, good) => {
    expect(isMadeGood(failed(stage, '2026-01-02T03:30:00.000Z'), { verification, restoration })).toBe(good)
  },
)
