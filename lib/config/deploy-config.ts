// How the stack is deployed: as a person writes it, and complete. Jobs never read it.
import { z } from 'zod'
import { completeSchedules, scheduleConfig, type ScheduleConfig, type Schedules } from './schedules.ts'

/** What `deploy` in `raingauge.config.ts` may say. */
export type DeployConfig = {
  /** AWS account and region; default: those of the credentials at deploy time. */
  account?: string
  region?: string
  /** Major of the watched servers: its scratch server travels in the assets. Default 17. */
  postgresMajor?: 15 | 16 | 17 | 18
  /** Of the functions. Default `arm64`, which costs a fifth less; for it, npm fetches the scratch server once where this machine is another. */
  architecture?: 'arm64' | 'x86_64'
  /**
   * EventBridge Scheduler expressions. Default: check hourly, backup nightly at 02:17, drill on Sundays at 04:17, prune daily at 06:17; the last
   * three for each environment by itself: `backup: { production: 'rate(6 hours)', staging: null }`.
   */
  schedules?: ScheduleConfig
  /** IANA name for the schedules. Default `Etc/UTC`. */
  timeZone?: string
  /** Gets the alarms by mail; whoever else wants them subscribes to the SNS topic. */
  alarmEmail?: string
  /** Gets the alarms in a Slack channel, through the workspace that AWS has been let into (Amazon Q Developer in chat applications). */
  alarmChat?: { workspace: string; channel: string }
  /** Where backups and drills run: `lambda` (default), which ends after 15 minutes, or `fargate`. */
  compute?: 'lambda' | 'fargate'
  /** A VPC of yours to run in. Default: none, or with `fargate` a small one of its own. */
  vpc?: VpcConfig
  /** A copy of every archive in a bucket of another region. */
  replica?: { region: string }
}

export type VpcConfig = {
  id: string
  /** Private ones, one or more. */
  subnets: string[]
  /** Of the subnets, in the same order. */
  availabilityZones: string[]
  /** Default: one that the stack makes, which lets out and nobody in. */
  securityGroups?: string[]
  /** Makes the VPC's endpoints for S3, Secrets Manager and what else the jobs call. Default: the subnets have their own way out. */
  endpoints?: boolean
}

/** {@link DeployConfig} with every default filled in. */
export type Deployment = {
  account: string | undefined
  region: string | undefined
  postgresMajor: 15 | 16 | 17 | 18
  architecture: 'arm64' | 'x86_64'
  schedules: Schedules
  timeZone: string
  alarmEmail: string | undefined
  alarmChat: { workspace: string; channel: string } | null
  compute: 'lambda' | 'fargate'
  vpc: (VpcConfig & { endpoints: boolean }) | null
  replica: { region: string } | null
}

const text = z.string().min(1)
const names = z.array(text).min(1)

export const deployConfig: z.ZodType<DeployConfig> = z.strictObject({
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account')
    .exactOptional(),
  region: text.exactOptional(),
  postgresMajor: z.literal([15, 16, 17, 18]).exactOptional(),
  architecture: z.enum(['arm64', 'x86_64']).exactOptional(),
  schedules: scheduleConfig.exactOptional(),
  timeZone: text.exactOptional(),
  alarmEmail: z.email().exactOptional(),
  alarmChat: z
    .strictObject({
      workspace: z.string().regex(/^T[A-Z0-9]+$/, 'must be the id of a Slack workspace, T…'),
      channel: z.string().regex(/^[CG][A-Z0-9]+$/, 'must be the id of a Slack channel, C…'),
    })
    .exactOptional(),
  compute: z.enum(['lambda', 'fargate']).exactOptional(),
  vpc: z
    .strictObject({
      id: z.string().regex(/^vpc-/, 'must be the id of a VPC, vpc-…'),
      subnets: names,
      availabilityZones: names,
      securityGroups: names.exactOptional(),
      endpoints: z.boolean().exactOptional(),
    })
    .refine(({ subnets, availabilityZones }) => subnets.length === availabilityZones.length, {
      error: 'must name one availability zone for each subnet',
      path: ['availabilityZones'],
    })
    .exactOptional(),
  replica: z.strictObject({ region: text }).exactOptional(),
})

/** The deployment that this configuration asks for. */
export function completeDeployment(written: DeployConfig, environments: readonly string[]): Deployment {
  return {
    account: written.account,
    region: written.region,
    postgresMajor: written.postgresMajor ?? 17,
    architecture: written.architecture ?? 'arm64',
    schedules: completeSchedules(written.schedules ?? {}, environments),
    timeZone: written.timeZone ?? 'Etc/UTC',
    alarmEmail: written.alarmEmail,
    alarmChat: written.alarmChat ?? null,
    compute: written.compute ?? 'lambda',
    vpc: written.vpc === undefined ? null : { ...written.vpc, endpoints: written.vpc.endpoints ?? false },
    replica: written.replica ?? null,
  }
}
