import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import type { Cluster } from 'aws-cdk-lib/aws-ecs'
import { Rule } from 'aws-cdk-lib/aws-events'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { FilterPattern, LogGroup, MetricFilter, ResourcePolicy, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { CLOUDWATCH_NAMESPACE } from '../config/cloudwatch-metrics.ts'
import { TASK_JOBS, type TaskJob } from '../config/function-variables.ts'

export type TaskEventsProps = { cluster: Cluster }

/** The first container is the job; of one that never ran there is no exit status (ECS Developer Guide, "Amazon ECS task state change events"). */
const CONTAINER = '$.detail.containers[0]'

/**
 * How every task ended, kept: ECS itself forgets within an hour, and a task that could not be started, or had no memory left, cannot say so in its
 * own log. Of them CloudWatch makes a metric for each job: 0 for a task that did its work, 1 for one that did not.
 */
export class TaskEvents extends Construct {
  readonly logGroup: LogGroup
  readonly access: ResourcePolicy
  readonly filters: MetricFilter[]

  constructor(scope: Construct, id: string, props: TaskEventsProps) {
    super(scope, id)
    this.logGroup = new LogGroup(this, 'Stopped', {
      // EventBridge writes to groups of this name (User Guide, "Amazon CloudWatch Logs as a target").
      logGroupName: `/aws/events/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.access = new ResourcePolicy(this, 'Access', {
      policyStatements: [
        new PolicyStatement({
          principals: [
            new ServicePrincipal('events.amazonaws.com'),
            new ServicePrincipal('delivery.logs.amazonaws.com'),
          ],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
      ],
    })
    const rule = new Rule(this, 'Rule', {
      description: 'Raingauge: tasks that stopped',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [props.cluster.clusterArn], lastStatus: ['STOPPED'] },
      },
    })
    const arn = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: this.logGroup.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    rule.addTarget({ bind: () => ({ arn }) })
    this.filters = TASK_JOBS.flatMap((job) => [
      this.#count(`${job}Done`, job, `${CONTAINER}.exitCode = 0`, '0'),
      this.#count(`${job}Failed`, job, `(${CONTAINER}.exitCode != 0) || (${CONTAINER}.exitCode NOT EXISTS)`, '1'),
    ])
  }

  /** How many tasks of the job failed. */
  metricFailed(job: TaskJob, options: MetricOptions): Metric {
    return new Metric({ namespace: this.#namespace(), metricName: nameOf(job), ...options })
  }

  #count(id: string, job: TaskJob, condition: string, metricValue: string): MetricFilter {
    return new MetricFilter(this, id, {
      logGroup: this.logGroup,
      filterPattern: FilterPattern.literal(`{ (${CONTAINER}.name = "${job}") && (${condition}) }`),
      metricNamespace: this.#namespace(),
      metricName: nameOf(job),
      metricValue,
    })
  }

  /** Of this stack alone: a filter has no dimensions but those that are in the line. */
  #namespace(): string {
    return `${CLOUDWATCH_NAMESPACE}/${Stack.of(this).stackName}`
  }
}

function nameOf(job: TaskJob): string {
  return `raingauge_task_failed_${job}`
}
