// Rules of AwsSolutions (cdk-nag) that the stack breaks on purpose, as data with their reasons.

export type AcknowledgedRule = {
  rule: string
  /** CloudFormation type of the resources that break it. */
  type: string
  /** Of the findings of one rule about one resource, such as `Resource::…`: those that match. Default: the rule has but one. */
  finding?: RegExp
  reason: string
}

const STORE_KEYS = /^Resource::.*\/(?:archives|baselines|state|locks|migrations|fleet|sweeps)\/[^:]*$/

/** Tests hold that each is needed, and that there is no finding besides. */
export const ACKNOWLEDGED_RULES: readonly AcknowledgedRule[] = [
  {
    rule: 'AwsSolutions-S1',
    type: 'AWS::S3::Bucket',
    reason:
      'An access log needs a bucket of its own, and is delivered when it can be. Who must know who read an archive has data events of CloudTrail, which are complete.',
  },
  {
    rule: 'AwsSolutions-SQS3',
    type: 'AWS::SQS::Queue',
    reason: 'The queue is the dead-letter queue: of EventBridge Scheduler, whose targets the rule does not know.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    type: 'AWS::IAM::Policy',
    finding: STORE_KEYS,
    reason:
      'Keys of the store have times and ids in them. Which keys, for which job and why: the tables in job-plan.ts.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    type: 'AWS::IAM::Policy',
    finding: /^Resource::<[^>]*Function[^>]*\.Arn>:\*$/,
    reason: 'Versions of the one function that a schedule starts: what the CDK grants to whoever may invoke it.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    type: 'AWS::IAM::Policy',
    finding: /^Resource::arn:[^:]*(?:::[^:]*)*:rds-db:.*:dbuser:\*\/\*$/,
    reason:
      'Login by IAM: which instance and which user only the secret knows, and the database itself says who may, by GRANT rds_iam.',
  },
]
