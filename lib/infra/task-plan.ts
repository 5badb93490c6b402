// What a job needs as a task of ECS on Fargate, as data with its reasons: see job-plan.ts for the same as a function.
import type { TaskJob } from '../config/function-variables.ts'

export type TaskPlan = {
  /** 1024 are one vCPU. */
  cpu: number
  memoryMb: number
  /** 21 to 200; undefined: the 20 that cost nothing. */
  storageGb: number | undefined
  /** After so many it gives up by itself: Fargate would let it run, and cost, for ever. */
  hours: number
  reason: string
}

export const TASK_PLANS: Readonly<Record<TaskJob, TaskPlan>> = {
  backup: {
    cpu: 2048,
    memoryMb: 4096,
    storageGb: undefined,
    hours: 12,
    reason:
      'pg_dump and the compressor use 1.7 vCPU; memory is flat, and 4 GB are the least that go with 2 vCPU. Streams: needs no disk.',
  },
  drill: {
    cpu: 2048,
    memoryMb: 8192,
    storageGb: 200,
    hours: 12,
    reason:
      'A server beside the job, which builds indexes in memory; all the disk that there is, which costs 2 cents an hour.',
  },
}

/** Docker's own image of Node as ECR Public has it. By major: whatever is mended below the code arrives with the next run, without a deployment. */
export const TASK_IMAGE = 'public.ecr.aws/docker/library/node:24-slim'

/** The account of that image that is not root: a scratch server refuses to run as root. */
export const TASK_USER = 'node'

/** Where the bundle is unpacked, on the disk of the task. */
export const TASK_FOLDER = '/tmp/raingauge'

/** The most there is: after SIGTERM, for withdrawing an upload and ending servers. */
export const STOP_SECONDS = 120

/** Roots of every region but those of China and of the governments (RDS User Guide, "Using SSL/TLS to encrypt a connection"). */
export const RDS_ROOTS = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem'

/** Fetches the code, then becomes the job. `$1`: the program that fetches; `$2`: the folder; `$3`: the program that does the job. */
export const START_LINE =
  'node --input-type=module --eval "$1" "$2"; if [ -f "$2/roots.pem" ]; then export NODE_EXTRA_CA_CERTS="$2/roots.pem"; fi; exec node --enable-source-maps "$2/$3"'
