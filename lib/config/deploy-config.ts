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
  /** Where `docs/runbooks` is published, such as `https://wiki.example.com/raingauge`. Default: alarms name the path in the repository. */
  runbooks?: string
  /** A CloudWatch dashboard, three of which cost an account nothing, and each further one 3 dollars a month. Default true. */
  dashboard?: boolean
  /** Where backups and drills run: `lambda` (default), which ends after 15 minutes, or `fargate`. */
  compute?: 'lambda' | 'fargate'
  /** A VPC of yours to run in. Default: none, or with `fargate` a small one of its own. */
  vpc?: VpcConfig
  /** A copy of every archive in a bucket of another region, kept for `days` (default 35) whatever happens to the original. */
  replica?: { region: string; days?: number }
  /** ARNs of the KMS keys that the secrets are under, where these are keys of yours. */
  secretKeys?: string[]
}

export type VpcConfig = {
  id: string
  /** Private ones, one or more. */
  subnets: string[]
  /** Of the subnets, in the same order. */
  availabilityZones: string[]
  /** Default: one that the stack makes, which lets out and nobody in. */
  securityGroups?: string[]
  /** Ports of the databases, to which the security group that the stack makes lets out. Default 5432. */
  ports?: number[]
  /** Makes the VPC's endpoints for S3, and for Secrets Manager and SSM where secrets are there. Default: the subnets have their own way out. */
  endpoints?: boolean
  /** Of the subnets: the endpoint for S3 is a route in each. */
  routeTables?: string[]
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
  runbooks: string | null
  dashboard: boolean
  compute: 'lambda' | 'fargate'
  vpc: (VpcConfig & { endpoints: boolean; ports: number[]; routeTables: string[] }) | null
  replica: { region: string; days: number } | null
  secretKeys: string[]
}

/** Copies stay for five weeks of nightly backups. */
const REPLICA_DAYS = 35

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
  runbooks: z.url({ protocol: /^https?$/ }).exactOptional(),
  dashboard: z.boolean().exactOptional(),
  compute: z.enum(['lambda', 'fargate']).exactOptional(),
  vpc: z
    .strictObject({
      id: z.string().regex(/^vpc-/, 'must be the id of a VPC, vpc-…'),
      subnets: names,
      availabilityZones: names,
      securityGroups: names.exactOptional(),
      ports: z.array(z.int().min(1).max(65_535)).min(1).exactOptional(),
      endpoints: z.boolean().exactOptional(),
      routeTables: z.array(z.string().regex(/^rtb-/, 'must be the id of a route table, rtb-…')).min(1).exactOptional(),
    })
    .refine(({ subnets, availabilityZones }) => subnets.length === availabilityZones.length, {
      error: 'must name one availability zone for each subnet',
      path: ['availabilityZones'],
    })
    .refine(({ endpoints, routeTables }) => endpoints !== true || routeTables !== undefined, {
      error: 'must name the route tables of the subnets, in which the endpoint for S3 is a route',
      path: ['routeTables'],
    })
    .exactOptional(),
  replica: z.strictObject({ region: text, days: z.int().min(1).exactOptional() }).exactOptional(),
  secretKeys: z.array(z.string().regex(/^arn:[\w-]+:kms:/, 'must be the ARN of a KMS key')).exactOptional(),
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
    runbooks: written.runbooks ?? null,
    dashboard: written.dashboard ?? true,
    compute: written.compute ?? 'lambda',
    vpc: written.vpc === undefined ? null : completeVpc(written.vpc),
    replica: written.replica === undefined ? null : { days: REPLICA_DAYS, ...written.replica },
    secretKeys: written.secretKeys ?? [],
  }
}

function completeVpc(written: VpcConfig): NonNullable<Deployment['vpc']> {
  const { ports = [5432], endpoints = false, routeTables = [] } = written
  return { ...written, ports, endpoints, routeTables }
}
