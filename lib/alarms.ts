import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmKind, describeAlarm } from './alarm-kinds.ts';
import { toArn } from './arns.ts';
import { mailMetric, reportMetric } from './metrics.ts';
import { type AccountNames, sharedNames } from './names.ts';
import type { DeadLetters, NodeFunction } from './node-function.ts';

export interface AccountAlarmsProps {
  readonly names: AccountNames;
  readonly topic: ITopic;
  /** Null for a link to the dashboard of accounts. */
  readonly runbookUrl: string | null;
  readonly functions: readonly NodeFunction[];
  /** Null where there is none. */
  readonly api: HttpApi | null;
  readonly deadLetters: DeadLetters;
}

interface AlarmOptions {
  readonly part?: string;
  readonly threshold?: number;
  readonly periods?: number;
  /** Whether it is silence that the alarm is about. */
  readonly isOfSilence?: boolean;
}

/** A function is near its time-out from this share of it on. */
const NEAR = 0.8;

/** The check is made once a day. Some hours more, so that a late one, or one at a later hour from now on, is none that is missing. */
const HOURS_WITHOUT_CHECK = 30;

/** The alarms of an account. Each notifies once, so silence afterwards does not mean that all is well. */
export class AccountAlarms extends Construct {
  private readonly props: AccountAlarmsProps;

  constructor(scope: Construct, id: string, props: AccountAlarmsProps) {
    super(scope, id);
    this.props = props;
    const { names, functions, api, deadLetters } = props;

    this.raise('no-report', reportMetric('ReportsMissing', { names }));
    const checks = reportMetric(
      'ReportsMissing',
      { names },
      { statistic: Stats.SAMPLE_COUNT, period: Duration.hours(1) },
    );
    this.raise('check-missing', checks, { isOfSilence: true, periods: HOURS_WITHOUT_CHECK });
    this.raise('unproven', reportMetric('RunsUnproven', { names }));
    this.raise('run-failed', reportMetric('RunsFailed', { names }));
    this.raise('channel-silent', reportMetric('SilentChannels', { names }));
    this.raise('banned', reportMetric('Bans', { names }));
    this.raise('token-refused', reportMetric('TokensRefused', { names }));
    this.raise('secret-unreadable', reportMetric('SecretsUnreadable', { names }));

    this.raise('mail-failed', reportMetric('MailsFailed', { names }));
    this.raise('mail-bounced', mailMetric('Bounce', names));
    this.raise('mail-complained', mailMetric('Complaint', names));
    this.raise('mail-rejected', mailMetric('Reject', names));
    this.raise('announcement-failed', reportMetric('AnnouncementsFailed', { names }));

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
    { part, threshold = 1, periods = 1, isOfSilence = false }: AlarmOptions = {},
  ): void {
    const { names, topic, runbookUrl } = this.props;
    const link = runbookUrl === null ? linkToDashboard(names.prefix) : `${runbookUrl}#${kind}`;
    const alarm = new Alarm(this, part === undefined ? kind : `${kind}-${part}`, {
      alarmName: names.alarm(kind, part),
      alarmDescription: describeAlarm(kind, names.account, link),
      metric,
      threshold: isOfSilence ? 0 : threshold,
      evaluationPeriods: periods,
      comparisonOperator: isOfSilence
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Most of the day there is no data. Of silence CloudWatch tells by its own state for it, and only where there was data
      // before: a new account is not missed before its first morning.
      treatMissingData: isOfSilence ? TreatMissingData.MISSING : TreatMissingData.NOT_BREACHING,
    });
    const notify = new SnsAction(topic);
    if (isOfSilence) alarm.addInsufficientDataAction(notify);
    else alarm.addAlarmAction(notify);
  }
}

/** The console opens on a phone too, after a sign-in. The dashboard has the first actions of each alarm. */
function linkToDashboard(prefix: string): string {
  const { accountDashboard } = sharedNames(prefix);
  const region = '<AWS::Region>';
  return toArn(
    `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${accountDashboard}`,
  );
}
