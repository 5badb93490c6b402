// What each job needs of AWS, as data with its reasons. 3008 MB is the most that a new account may have without asking.
import type { FunctionJob } from '../config/function-variables.ts'

export type JobPlan = {
  description: string
  memoryMb: number
  timeoutMinutes: number
  /** Of /tmp. */
  storageMb: number
  /** How late a slot may still start: well before the next one, so that two slots never queue behind each other. */
  startWithinMinutes: number
  reason: string
  /** A drill works on archives alone, so it may not read how to get into a database. */
  opensDatabases: boolean
  /** Only who opens archives may read the private key of encrypted ones. */
  opensArchives: boolean
  /** Replays or restores, and so may need the scratch server of the configuration. */
  usesScratch: boolean
}

export const JOB_PLANS: Readonly<Record<FunctionJob, JobPlan>> = {
  check: {
    description: 'Compares histories and schemas of the watched databases',
    memoryMb: 1769,
    timeoutMinutes: 10,
    storageMb: 1024,
    startWithinMinutes: 20,
    reason:
      'One whole vCPU (1769 MB) for replay and catalog reads; the scratch server takes 190 MB of memory and 100 MB of disk. ' +
      'Minutes only for a first run, whose baselines are not in the store yet.',
    opensDatabases: true,
    opensArchives: false,
    usesScratch: true,
  },
  backup: {
    description: 'Dumps the watched databases into the archive bucket',
    memoryMb: 3008,
    timeoutMinutes: 15,
    storageMb: 512,
    startWithinMinutes: 120,
    reason:
      'pg_dump and the compressor run in threads of their own and use 1.7 vCPU; a row is held whole, about three times over. ' +
      'Streams: needs no disk.',
    opensDatabases: true,
    opensArchives: false,
    usesScratch: false,
  },
  drill: {
    description: 'Restores the newest archives into a scratch Postgres and compares',
    memoryMb: 3008,
    timeoutMinutes: 15,
    storageMb: 10_240,
    startWithinMinutes: 120,
    reason:
      'The restored databases lie in /tmp, which ends at 10 GB; the rest as for a backup, and a server beside it.',
    opensDatabases: false,
    opensArchives: true,
    usesScratch: true,
  },
  prune: {
    description: 'Removes the archives that the retention policy does not keep',
    memoryMb: 512,
    timeoutMinutes: 5,
    storageMb: 512,
    startWithinMinutes: 120,
    reason:
      'Lists, reads manifests of some kilobytes, deletes: waits for the store all the time, and needs a whole start of Node.',
    opensDatabases: false,
    opensArchives: false,
    usesScratch: false,
  },
}

/** Actions on the bucket itself: every job sees what is there, and what was begun and never ended. */
export const BUCKET_ACCESS: Readonly<Record<FunctionJob, readonly string[]>> = {
  check: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
  backup: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
  drill: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
  prune: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
}

/** Actions on the objects of the store whose keys match. Keys as in `lib/store/keys.ts`, `*` for any characters. */
export type ObjectAccess = { actions: readonly string[]; keys: readonly string[]; reason: string }

const READ_ARCHIVES: ObjectAccess = {
  actions: ['s3:GetObject'],
  keys: ['archives/*'],
  reason: 'judging how old and how proven they are, reading them back, restoring them',
}

const KEEP_STATE: ObjectAccess = {
  actions: ['s3:GetObject', 's3:PutObject'],
  keys: ['state/*'],
  reason: 'incidents and what was said before; conditional writes (If-Match) need both',
}

const HOLD_LEASES: ObjectAccess = {
  actions: ['s3:GetObject', 's3:PutObject'],
  keys: ['locks/*'],
  reason: 'the lease that keeps two runs apart',
}

const SEE_LOCKS: ObjectAccess = {
  actions: ['s3:GetObjectRetention'],
  keys: ['archives/*'],
  reason: 'sees whether archives are locked as the configuration says, and does not try to remove what is',
}

/** What each job may do in the store. Only `prune` may delete an archive, which its manifest makes exist; nobody any version of an object. */
export const STORE_ACCESS: Readonly<Record<FunctionJob, readonly ObjectAccess[]>> = {
  check: [
    READ_ARCHIVES,
    SEE_LOCKS,
    KEEP_STATE,
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      keys: ['baselines/*'],
      reason: 'a baseline is replayed once, then read',
    },
    { actions: ['s3:GetObject'], keys: ['migrations/*'], reason: 'goes by the migrations that the pipeline published' },
  ],
  backup: [
    READ_ARCHIVES,
    SEE_LOCKS,
    KEEP_STATE,
    HOLD_LEASES,
    {
      actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      keys: ['archives/*'],
      reason: 'writes archives, withdraws one that failed half-way, and makes sure that nothing of it is left',
    },
    {
      actions: ['s3:PutObjectRetention'],
      keys: ['archives/*'],
      reason: 'locks what is verified; it can only make a lock longer',
    },
    {
      actions: ['s3:DeleteObject'],
      keys: ['archives/*/archive.dump.zst*', 'archives/*/catalog.json.zst*', 'archives/*/globals.sql*'],
      reason:
        'takes back what never became an archive, its own or that of a run that was killed; in a versioned bucket this only hides',
    },
  ],
  drill: [
    READ_ARCHIVES,
    SEE_LOCKS,
    KEEP_STATE,
    {
      actions: ['s3:PutObject'],
      keys: ['archives/*/verified.json', 'archives/*/restored.json', 'archives/*/failed.json'],
      reason: 'says how far an archive has been proven; the archive itself it may only read',
    },
  ],
  prune: [
    READ_ARCHIVES,
    SEE_LOCKS,
    KEEP_STATE,
    HOLD_LEASES,
    {
      actions: ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      keys: ['archives/*'],
      reason: 'clears away what backups left that were killed, also where none comes after them',
    },
    {
      actions: ['s3:DeleteObject'],
      keys: ['archives/*'],
      reason:
        'removes what the retention policy does not keep: a lock stops it, and in a versioned bucket the versions stay until the lifecycle ends them',
    },
    {
      actions: ['s3:GetObject'],
      keys: ['migrations/*/published.json'],
      reason: 'sees which published folders are named still',
    },
    {
      actions: ['s3:DeleteObject', 's3:GetObjectRetention'],
      keys: ['migrations/*.json.zst'],
      reason: 'removes published folders that nobody goes by any more, unless the bucket locks them',
    },
  ],
}
