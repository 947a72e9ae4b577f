import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { arnText, toArn } from './arn.ts';
import { APPLICATION } from './names.ts';

/** Who is told when something goes wrong. Lasts, because a subscription that is made anew has to be confirmed anew. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { addresses }: { readonly addresses: readonly string[] }) {
    super(scope, id);
    // Not encrypted with a key of its own: neither CloudWatch nor SES could publish under the one that AWS manages.
    this.topic = new Topic(this, 'Topic', { displayName: APPLICATION, enforceSSL: true });
    for (const address of addresses) this.topic.addSubscription(new EmailSubscription(address));
    // A topic with a policy of its own has lost the one that lets this account's alarms publish.
    const { account } = Stack.of(this);
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: {
            'aws:SourceArn': toArn(arnText('cloudwatch', 'alarm:*')),
          },
        },
      }),
    );
  }
}
