import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AccountSecrets } from './account-secrets.ts';
import { AlarmTopic } from './alarms.ts';
import { AnalyticsResults } from './analytics-workgroup.ts';
import type { CheckedDeployment } from './deployment.ts';
import { LakeBucket } from './lake.ts';
import { MailConfiguration, Senders } from './mail.ts';
import type { CheckedAccount } from './read-account.ts';

/** The lasting parts of an account that its functions use. */
export interface AccountState {
  readonly account: CheckedAccount;
  readonly token: Secret;
  /** Null where no webhook is called. */
  readonly webhookKey: Secret | null;
  /** Null where mails have no links. */
  readonly viewKey: Secret | null;
  readonly alarmTopic: ITopic;
}

/** Everything that must not be lost: the lake, the secrets, and the senders of mail. */
export class StateStack extends Stack {
  readonly accounts: readonly AccountState[];

  constructor(scope: Construct, id: string, { deployment }: { readonly deployment: CheckedDeployment }) {
    super(scope, id, {
      description:
        'chat-report: the lake, the secrets and the senders of mail. Nothing here can be made again.',
      terminationProtection: true,
    });
    const { accounts, alarmAddresses, keepDays } = deployment;

    const lake = new LakeBucket(this, 'Lake', { accounts: accounts.map(({ name }) => name), keepDays });
    new AnalyticsResults(this, 'Results', { accessLogs: lake.accessLogs });
    const alarms = new AlarmTopic(this, 'Alarms', { addresses: alarmAddresses });
    new Senders(this, 'Senders', { accounts });

    this.accounts = accounts.map((account) => {
      const { name, announce, view } = account;
      const hasWebhooks = announce.webhooks !== null;
      const hasViews = view !== null;
      const secrets = new AccountSecrets(this, `Secrets-${name}`, { account: name, hasWebhooks, hasViews });
      const mail = new MailConfiguration(this, `Mail-${name}`, { account: name, alarmTopic: alarms.topic });
      for (const part of [secrets, mail]) Tags.of(part).add('account', name);
      const { token, webhookKey, viewKey } = secrets;
      return { account, token, webhookKey, viewKey, alarmTopic: alarms.topic };
    });

    new CfnOutput(this, 'LakeBucket', { value: lake.bucket.bucketName, description: 'The lake' });
  }
}
