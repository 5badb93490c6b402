// What a fleet may do in the store, as data with its reasons: beside job-plan.ts, which has the jobs.
import type { ObjectAccess } from './job-plan.ts'

/** The function: what a check may, but for archives, which a fleet has none of. */
export const FLEET_ACCESS: readonly ObjectAccess[] = [
  {
    actions: ['s3:GetObject'],
    keys: ['fleet/*', 'sweeps/*', 'baselines/*', 'state/*', 'locks/*'],
    reason: 'the list, what was found before, and conditional writes (If-Match)',
  },
  { actions: ['s3:GetObject'], keys: ['migrations/*'], reason: 'goes by the migrations that the pipeline published' },
  {
    actions: ['s3:PutObject'],
    keys: ['fleet/*/last.json', 'fleet/*/current.json', 'fleet/*/memory-*.json', 'sweeps/*'],
    reason: 'what was found, for the next step and the next sweep; the list itself it may only read',
  },
  {
    actions: ['s3:PutObject'],
    keys: ['baselines/*', 'state/*', 'locks/*'],
    reason: 'a baseline is replayed once, by whoever holds its lease; incidents',
  },
]

/** The state machine: reads its items, and writes what became of each batch (Developer Guide, "IAM policies for using Distributed Map states"). */
export const MACHINE_ACCESS: readonly ObjectAccess[] = [
  { actions: ['s3:GetObject'], keys: ['sweeps/*/items.json'], reason: 'the batches of a sweep' },
  {
    actions: ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
    keys: ['sweeps/*/map/*'],
    reason: 'ResultWriter: what became of each batch',
  },
]
