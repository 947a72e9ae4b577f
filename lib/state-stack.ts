import { CfnOutput, Stack } from 'aws-cdk-lib';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AccountSecrets } from './account-secrets.ts';
import { toArn } from './arns.ts';
import type { CheckedDeployment } from './deployment.ts';
import { AccessLogs, LakeBucket, lakeUriOf, ResultsBucket } from './lake.ts';
import { MailConfiguration } from './mail.ts';
import { arnText, sharedNames } from './names.ts';
import type { CheckedAccount } from './read-account.ts';
import type { StackSettings } from './shared-stack.ts';

export interface StateStackProps extends StackSettings {
  readonly account: CheckedAccount;
  readonly deployment: Pick<CheckedDeployment, 'prefix' | 'alarms'>;
}

/**
 * What lasts of an account: the lake, the secrets, and how its mail is sent. When the stack is deleted, buckets and secrets
 * stay. It has no termination protection, which would keep a first deployment that failed from being repeated.
 */
export class StateStack extends Stack {
  readonly secrets: AccountSecrets;

  constructor(scope: Construct, id: string, { account, deployment, ...props }: StateStackProps) {
    const { name, names, bucket } = account;
    super(scope, id, {
      ...props,
      description: `chat-report: the lake, the secrets and the mail of ${name}. Buckets and secrets outlast this stack.`,
    });
    const accessLogs = new AccessLogs(this, 'AccessLogs', { account });
    if (bucket === null) new LakeBucket(this, 'Lake', { account, accessLogs });
    new ResultsBucket(this, 'Results', { account, accessLogs });
    this.secrets = new AccountSecrets(this, 'Secrets', { account });
    new MailConfiguration(this, 'Mail', { names, alarmTopic: alarmTopicOf(this, deployment) });
    new CfnOutput(this, 'LakeUri', { value: toArn(lakeUriOf(account)), description: `The lake of ${name}` });
  }
}

/** The topic of alarms by its ARN. So no stack waits for what another exports. */
export function alarmTopicOf(
  scope: Construct,
  { prefix, alarms }: Pick<CheckedDeployment, 'prefix' | 'alarms'>,
): ITopic {
  const arn = 'topicArn' in alarms ? alarms.topicArn : toArn(arnText('sns', sharedNames(prefix).alarmTopic));
  return Topic.fromTopicArn(scope, 'AlarmTopic', arn);
}
