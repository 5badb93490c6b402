// Rules of AwsSolutions (cdk-nag) that the stack breaks on purpose, as data with their reasons.

export type AcknowledgedRule = {
  rule: string
  /** CloudFormation type of the resources that break it. */
  type: string
  /** Of the paths of these resources. Default: any. */
  on?: RegExp
  /** Of the findings of one rule about one resource, such as `Resource::…`: those that match. Default: the rule has but one. */
  finding?: RegExp
  reason: string
}

/** In a policy, something is named with a `*` in it. */
const wildcard = (finding: RegExp, reason: string, on?: RegExp): AcknowledgedRule => ({
  rule: 'AwsSolutions-IAM5',
  type: 'AWS::IAM::Policy',
  finding,
  reason,
  ...(on === undefined ? {} : { on }),
})

/** Tests hold that each is needed, and that there is no finding besides. */
export const ACKNOWLEDGED_RULES: readonly AcknowledgedRule[] = [
  wildcard(
    /\/(?:archives|baselines|state|locks|migrations)\/[^:<>]*$/,
    'Keys of the store have times and ids in them. Which keys, for which job and why: the tables in job-plan.ts.',
  ),
  wildcard(
    /\/(?:fleet|sweeps)\/[^:<>]*$/,
    'Keys of a sweep have its time in them. Which keys, for whom and why: the tables in fleet-access.ts.',
  ),
  wildcard(
    /^Resource::<\w+\.Arn>:\*$/,
    'Versions of the one function that a schedule starts: what the CDK grants to whoever may invoke it.',
    /\/SchedulerRoleForTarget-/,
  ),
  wildcard(
    /:rds-db:.*:dbuser:\*\/\*$/,
    'Login by IAM: which instance and which user only the secret knows, and the database itself says who may, by GRANT rds_iam.',
  ),
  {
    rule: 'AwsSolutions-IAM5',
    type: 'AWS::IAM::ManagedPolicy',
    finding: /:alarm:[\w-]+\*/,
    reason:
      'The role of the Slack channel may look at the alarms of this stack, whose names begin so, and at nothing else.',
  },
  wildcard(
    /:kms:[^:]+:<AWS::AccountId>:key\/\*$/,
    'The key of the copies is made in another region, and has no name that both sides know but its alias: a condition asks for that.',
    /\/Replication\//,
  ),
  wildcard(
    /:execution:<\w+\.Name>:\*$/,
    'The executions of a distributed map are children of the one state machine, with names that Step Functions makes.',
  ),
  wildcard(
    /^Resource::\*$/,
    'Delivering logs is configured for the account as a whole (Step Functions Developer Guide, "Logging"): these actions know no resources.',
    /\/Fleet\/Machine\/Role\//,
  ),
  wildcard(
    /^Resource::\*$/,
    'Lambda makes the network interfaces of a function with its role, before they have names (Developer Guide, "Giving Lambda functions access to resources in a VPC").',
    /(?:Job|Fleet\/Steps)\/Role\//,
  ),
  {
    rule: 'AwsSolutions-S1',
    type: 'AWS::S3::Bucket',
    reason:
      'An access log needs a bucket of its own and may miss requests. Who must know who read an archive switches on the data events of CloudTrail, which are complete.',
  },
  {
    rule: 'AwsSolutions-SQS3',
    type: 'AWS::SQS::Queue',
    reason: 'It is the dead-letter queue itself: of EventBridge Scheduler, whose targets the rule does not know.',
  },
  {
    rule: 'AwsSolutions-SF2',
    type: 'AWS::StepFunctions::StateMachine',
    reason: 'Every step says in its log what it did, and one follows the other: a trace would cost and add nothing.',
  },
  {
    rule: 'AwsSolutions-ECS2',
    type: 'AWS::ECS::TaskDefinition',
    reason: 'The variables of the container are the configuration, with references to secrets and never a secret.',
  },
  {
    rule: 'AwsSolutions-ECS4',
    type: 'AWS::ECS::Cluster',
    reason:
      'Container Insights costs more than the tasks of a night. They log what they did, and alarms watch that they end well.',
  },
  {
    rule: 'AwsSolutions-VPC7',
    type: 'AWS::EC2::VPC',
    reason: 'In the small network of their own, tasks stand for minutes, let in nobody, and log whom they spoke to.',
  },
]
