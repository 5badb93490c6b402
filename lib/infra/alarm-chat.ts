import { ArnFormat, Stack } from 'aws-cdk-lib'
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot'
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'

export type AlarmChatProps = {
  project: string
  /** Ids of Slack. */
  workspace: string
  channel: string
  topic: ITopic
}

/**
 * Shows the alarms in a Slack channel, by Amazon Q Developer in chat applications (formerly AWS Chatbot). The workspace has to be let
 * in once, by hand, in its console.
 */
export class AlarmChat extends Construct {
  readonly channel: SlackChannelConfiguration
  readonly role: Role

  constructor(scope: Construct, id: string, props: AlarmChatProps) {
    super(scope, id)
    const { project, workspace, channel, topic } = props
    const { stackName } = Stack.of(this)
    // What the channel may ask for at most. Without one it would be everything (AdministratorAccess).
    const sight = new ManagedPolicy(this, 'Sight', {
      description: `Raingauge ${project}: what the chat may see`,
      statements: [
        new PolicyStatement({
          actions: ['cloudwatch:DescribeAlarms'],
          resources: [
            Stack.of(this).formatArn({
              service: 'cloudwatch',
              resource: 'alarm',
              resourceName: `Raingauge*-${project}-${stackName}`,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          ],
        }),
      ],
    })
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
      managedPolicies: [sight],
    })
    this.channel = new SlackChannelConfiguration(this, 'Channel', {
      slackChannelConfigurationName: `raingauge-${project}-${stackName}`,
      slackWorkspaceId: workspace,
      slackChannelId: channel,
      notificationTopics: [topic],
      role: this.role,
      guardrailPolicies: [sight],
    })
  }
}
