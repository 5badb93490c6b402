// What was proven about an archive after it was written: the files that raise its trust.
import { z } from 'zod'
import type { Trust } from '../run.ts'
import { parseDocument, type Manifest } from './manifest.ts'

const count = z.number().int().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const verification = z.object({
  format: z.literal(1),
  id: z.string(),
  verifiedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  rawBytes: count,
  storedBytes: count,
  /** Of the bytes that were read back. */
  sha256: z.object({ raw: sha256, stored: sha256 }),
  tables: count,
  rows: count,
  /** False for an encrypted archive that was read back without a private key: its bytes are what was written. */
  decoded: z.boolean().default(true),
})

/** The archive was read back from the store, decoded, parsed to its end and counted. */
export type Verification = z.infer<typeof verification>

const restoration = z.object({
  format: z.literal(1),
  id: z.string(),
  restoredAt: z.iso.datetime(),
  /** How long it took to have the data back. */
  durationMs: z.number().min(0),
  /** Of the bytes that were restored. */
  sha256: z.object({ stored: sha256 }),
  /** The server that it was restored into. */
  serverVersion: z.string(),
  tables: count,
  rows: count,
  statements: count,
})

/** A drill restored the archive, and found in it what its manifest says. */
export type Restoration = z.infer<typeof restoration>

const failure = z.object({
  format: z.literal(1),
  id: z.string(),
  failedAt: z.iso.datetime(),
  /** What failed: reading the archive back, or restoring it and comparing. */
  stage: z.enum(['verify', 'restore']),
  /** One line for a person. */
  reason: z.string(),
})

/** The newest attempt to prove the archive that showed it to be wrong. */
export type Failure = z.infer<typeof failure>

/** `failure`: only where nothing newer proves the contrary. */
export type Proofs = { verification: Verification | null; restoration: Restoration | null; failure: Failure | null }

/** Reads `verified.json`. Throws `archive.corrupt` when it is not one. */
export function parseVerification(bytes: Uint8Array): Verification {
  return parseDocument(verification, bytes, 'verified.json')
}

/** Reads `restored.json`. Throws `archive.corrupt` when it is not one. */
export function parseRestoration(bytes: Uint8Array): Restoration {
  return parseDocument(restoration, bytes, 'restored.json')
}

/** Reads `failed.json`. Throws `archive.corrupt` when it is not one. */
export function parseFailure(bytes: Uint8Array): Failure {
  return parseDocument(failure, bytes, 'failed.json')
}

/** True where the same proof was given after it failed. */
export function isMadeGood(
  { stage, failedAt }: Failure,
  { verification: verified, restoration: restored }: Omit<Proofs, 'failure'>,
): boolean {
  const proven = stage === 'verify' ? verified?.verifiedAt : restored?.restoredAt
  return proven !== undefined && Date.parse(proven) > Date.parse(failedAt)
}

/** How far the archive can be trusted: not at all once it was found to be wrong. A proof of other bytes than the manifest's proves nothing. */
export function trustOf(manifest: Pick<Manifest, 'id' | 'sha256'>, proofs: Proofs): Trust {
  const { verification: verified, restoration: restored, failure: failed } = proofs
  if (failed?.stage === 'verify') return 'uploaded'
  if (failed === null && restored?.id === manifest.id && restored.sha256.stored === manifest.sha256.stored)
    return 'restored'
  if (verified?.id === manifest.id && verified.sha256.stored === manifest.sha256.stored) return 'verified'
  return 'uploaded'
}
