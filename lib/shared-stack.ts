import { CfnOutput, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { toArn } from './arns.ts';
import { AccountDashboard, OverviewDashboard } from './dashboard.ts';
import type { CheckedDeployment } from './deployment.ts';
import { arnText, sharedNames } from './names.ts';

/**
 * What all accounts share: the topic of alarms and two dashboards. It holds nothing of an account, so that an account comes
 * and goes without a change here.
 */
export class SharedStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { deployment: { prefix, alarms }, ...props }: StackSettings & { readonly deployment: CheckedDeployment },
  ) {
    super(scope, id, { ...props, description: 'chat-report: the topic of alarms and the dashboards.' });
    if ('addresses' in alarms) new AlarmTopic(this, 'Alarms', { prefix, addresses: alarms.addresses });
    new OverviewDashboard(this, 'Overview', { prefix });
    new AccountDashboard(this, 'Account', { prefix });
  }
}

/** The topic that notifies of alarms. Accounts know it by its name. */
class AlarmTopic extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { prefix, addresses }: { readonly prefix: string; readonly addresses: readonly string[] },
  ) {
    super(scope, id);
    const topicName = sharedNames(prefix).alarmTopic;
    // It is not encrypted: CloudWatch and SES cannot publish under the key that AWS manages.
    const topic = new Topic(this, 'Topic', { topicName, displayName: prefix, enforceSSL: true });
    for (const address of addresses) topic.addSubscription(new EmailSubscription(address));
    // A custom policy replaces the default policy, which lets this account's alarms publish.
    const allow = (service: string, source: string): void => {
      topic.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal(service)],
          actions: ['sns:Publish'],
          resources: [topic.topicArn],
          conditions: {
            StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
            ArnLike: { 'aws:SourceArn': toArn(source) },
          },
        }),
      );
    };
    allow('cloudwatch.amazonaws.com', arnText('cloudwatch', `alarm:${prefix} *`));
    allow('ses.amazonaws.com', arnText('ses', `configuration-set/${prefix}-*`));
    new CfnOutput(this, 'TopicArn', {
      value: topic.topicArn,
      description: 'Alarms go there',
    }).overrideLogicalId('AlarmTopicArn');
  }
}

/** Where a stack is deployed, where CDK knows it. */
export interface StackSettings {
  readonly env?: { readonly account: string; readonly region: string };
}
