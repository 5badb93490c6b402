import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Key } from 'aws-cdk-lib/aws-kms'
import { Topic, type TopicProps } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { AlarmChat, type AlarmChatProps } from './alarm-chat.ts'

export type AlarmTopicProps = {
  encryptionKey: Key
  /** Gets every alarm, once its owner has confirmed. */
  email?: string | undefined
  /** A Slack channel that shows every alarm. */
  chat?: Pick<AlarmChatProps, 'project' | 'workspace' | 'channel'> | null | undefined
  /** Goes over what is set here. */
  topicProps?: TopicProps | undefined
}

/** Where every alarm goes: encrypted, TLS only. */
export class AlarmTopic extends Construct {
  readonly topic: Topic
  /** Where there is one. */
  readonly chat: AlarmChat | undefined

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id)
    const { encryptionKey, email, chat, topicProps } = props
    this.topic = new Topic(this, 'Topic', { masterKey: encryptionKey, enforceSSL: true, ...topicProps })
    // Alarms cannot publish to a topic under the key that AWS manages for SNS, so the key must let CloudWatch in.
    encryptionKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email))
    if (chat) this.chat = new AlarmChat(this, 'Chat', { ...chat, topic: this.topic })
  }
}
