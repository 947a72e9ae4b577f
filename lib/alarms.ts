import { Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { VENDOR } from '../functions/sources/vendor.ts';
import { toArn } from './arns.ts';
import { mailMetric, reportMetric } from './metrics.ts';
import { APPLICATION, alarmName, arnText } from './names.ts';
import type { DeadLetters, NodeFunction } from './node-function.ts';

/** The severity and the text of each alarm. docs/runbook.md has an entry for each, under its name. */
export const ALARMS = {
  'no-report': ['critical', "Yesterday's report is not there at the hour it is expected at."],
  unproven: ['critical', 'A day could not be proven: a notice went out in place of the report.'],
  'run-failed': ['critical', 'A run broke off for a reason that it does not know how to handle.'],
  'channel-silent': [
    'warning',
    'A channel that usually has many chats had none, all day or from some hour on.',
  ],
  banned: ['critical', `${VENDOR} has locked the account out for too many requests.`],
  'token-refused': ['critical', `${VENDOR} refuses the token, or there is none.`],
  'mail-failed': ['critical', 'A mail could not be handed to SES.'],
  'mail-bounced': ['critical', "A recipient's server refused a mail for good."],
  'mail-complained': ['warning', 'A recipient has marked a mail as spam, and gets none any more.'],
  'mail-rejected': ['critical', 'SES took a mail and did not send it, because of a virus in it.'],
  'announcement-failed': ['warning', 'A bus or a webhook was not told of a report.'],
  'function-failed': ['warning', 'A function ended with an error, or not in time.'],
  'api-failed': ['warning', 'The API answered with an error of its own.'],
  'near-time-out': ['warning', 'A function took more than four fifths of the time it has.'],
  'dead-run': ['critical', 'An execution of the workflow failed, ran out of time or was stopped.'],
  'dead-call': ['critical', 'A schedule could not call its function, or the function failed each time.'],
} as const satisfies Record<string, readonly ['critical' | 'warning', string]>;
export type AlarmKind = keyof typeof ALARMS;

export interface AccountAlarmsProps {
  readonly account: string;
  readonly topic: ITopic;
  readonly runbookUrl: string;
  readonly functions: readonly NodeFunction[];
  /** Null where there is none. */
  readonly api: HttpApi | null;
  readonly deadLetters: DeadLetters;
}

/** A function is near its time-out from this share of it on. */
const NEAR = 0.8;

/** The alarms of an account. Each notifies once, so silence afterwards does not mean that all is well. */
export class AccountAlarms extends Construct {
  readonly all: Alarm[] = [];
  private readonly props: AccountAlarmsProps;

  constructor(scope: Construct, id: string, props: AccountAlarmsProps) {
    super(scope, id);
    this.props = props;
    const { account, functions, api, deadLetters } = props;

    this.raise('no-report', reportMetric('ReportsMissing', { account }));
    this.raise('unproven', reportMetric('RunsUnproven', { account }));
    this.raise('run-failed', reportMetric('RunsFailed', { account }));
    this.raise('channel-silent', reportMetric('SilentChannels', { account }));
    this.raise('banned', reportMetric('Bans', { account }));
    this.raise('token-refused', reportMetric('TokensRefused', { account }));

    this.raise('mail-failed', reportMetric('MailsFailed', { account }));
    this.raise('mail-bounced', mailMetric('Bounce', account));
    this.raise('mail-complained', mailMetric('Complaint', account));
    this.raise('mail-rejected', mailMetric('Reject', account));
    this.raise('announcement-failed', reportMetric('AnnouncementsFailed', { account }));

    for (const { part, function: code, timeout } of functions) {
      const period = Duration.minutes(5);
      this.raise('function-failed', code.metricErrors({ period }), { part });
      const duration = code.metricDuration({ period, statistic: Stats.MAXIMUM });
      this.raise('near-time-out', duration, { part, threshold: timeout.toMilliseconds() * NEAR });
    }

    if (api !== null) {
      const errors = api.metricServerError({ period: Duration.minutes(5), statistic: Stats.SUM });
      this.raise('api-failed', errors);
    }

    const waiting = { period: Duration.minutes(5), statistic: Stats.MAXIMUM };
    this.raise('dead-run', deadLetters.runs.metricApproximateNumberOfMessagesVisible(waiting));
    this.raise('dead-call', deadLetters.calls.metricApproximateNumberOfMessagesVisible(waiting));
  }

  private raise(
    kind: AlarmKind,
    metric: IMetric,
    { part, threshold = 1 }: { readonly part?: string; readonly threshold?: number } = {},
  ): void {
    const { account, topic, runbookUrl } = this.props;
    const [severity, meaning] = ALARMS[kind];
    const alarm = new Alarm(this, part === undefined ? kind : `${kind}-${part}`, {
      alarmName: alarmName(account, kind, part),
      alarmDescription: `[${severity}] ${account}: ${meaning} What to do: ${runbookUrl}#${kind}`,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Most of the day there is no data.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    this.all.push(alarm);
  }
}

/** The topic that notifies of alarms. It is kept, because each new subscription must be confirmed. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { addresses }: { readonly addresses: readonly string[] }) {
    super(scope, id);
    // It is not encrypted: CloudWatch and SES cannot publish under the key that AWS manages.
    this.topic = new Topic(this, 'Topic', { displayName: APPLICATION, enforceSSL: true });
    for (const address of addresses) this.topic.addSubscription(new EmailSubscription(address));
    // A custom policy replaces the default policy, which lets this account's alarms publish.
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
