// Two pages for a reader: what a role may do, and what starts a job. Everything else is held by rules over all resources of a kind.
import { expect, test } from 'vitest'
import { synthesize } from '../support/synthesized-stack.ts'
import { deployedFunction } from '../support/template-functions.ts'

test('what the drill may do', () => {
  const { grants } = deployedFunction(synthesize(), /drillJob/, 'the-bucket')
  const lines = grants.map(({ action, resource }) => `${action} ${resource.replace(/(key|loggroup)\/\w+/, '$1/…')}`)
  expect(`\n${lines.toSorted().join('\n')}\n`).toMatchInlineSnapshot(`
    "
    kms:Decrypt arn:aws:kms:eu-central-1:111122223333:key/…
    kms:GenerateDataKey arn:aws:kms:eu-central-1:111122223333:key/…
    logs:CreateLogStream arn:aws:logs:eu-central-1:111122223333:loggroup/…:*
    logs:PutLogEvents arn:aws:logs:eu-central-1:111122223333:loggroup/…:*
    s3:GetObject arn:aws:s3:::the-bucket/archives/*
    s3:GetObject arn:aws:s3:::the-bucket/state/*
    s3:GetObjectRetention arn:aws:s3:::the-bucket/archives/*
    s3:ListBucket arn:aws:s3:::the-bucket
    s3:ListBucketMultipartUploads arn:aws:s3:::the-bucket
    s3:PutObject arn:aws:s3:::the-bucket/archives/*/failed.json
    s3:PutObject arn:aws:s3:::the-bucket/archives/*/restored.json
    s3:PutObject arn:aws:s3:::the-bucket/archives/*/verified.json
    s3:PutObject arn:aws:s3:::the-bucket/state/*
    secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/age-key-??????
    secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/slack-??????
    "
  `)
})

test('what starts the backup of production', () => {
  const schedules = synthesize().resources('AWS::Scheduler::Schedule')
  const [found] = schedules.filter(({ id }) => id.includes('backupproduction'))
  const { Target, GroupName: _group, ...properties } = found?.Properties ?? {}
  const { Arn: _arn, RoleArn: _role, DeadLetterConfig: _queue, ...target } = Target as Record<string, unknown>
  expect({ ...properties, Target: target }).toMatchInlineSnapshot(`
    {
      "Description": "Raingauge: Dumps the watched databases into the archive bucket: production",
      "FlexibleTimeWindow": {
        "MaximumWindowInMinutes": 10,
        "Mode": "FLEXIBLE",
      },
      "ScheduleExpression": "cron(17 2 * * ? *)",
      "ScheduleExpressionTimezone": "Europe/Berlin",
      "State": "ENABLED",
      "Target": {
        "Input": "{"slot":"<aws.scheduler.scheduled-time>","environment":"production"}",
        "RetryPolicy": {
          "MaximumEventAgeInSeconds": 7200,
          "MaximumRetryAttempts": 5,
        },
      },
    }
  `)
})
