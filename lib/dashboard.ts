import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  DashboardVariable,
  DefaultValue,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  SearchExpression,
  Stats,
  TextWidget,
  Values,
  VariableInputType,
  VariableType,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CHANNELS } from '../functions/chats/channel.ts';
import type { FunctionPart } from '../functions/config/account.ts';
import { METRIC_DIMENSIONS, type MetricName, NAMESPACE } from '../functions/observability/metrics.ts';
import { VENDOR } from '../functions/sources/vendor.ts';
import { ALARMS, type AlarmKind } from './alarm-kinds.ts';
import { toArn } from './arns.ts';
import { mailMetric, reportMetric } from './metrics.ts';
import { type AccountNames, accountNames, arnText, sharedNames } from './names.ts';

const FULL_WIDTH = 24;
const THIRD = 8;
const HEIGHT = 6;
const DAY = Duration.days(1);

const SECONDS_A_MINUTE = 60;
const SECONDS_AN_HOUR = 3_600;
const MS_A_SECOND = 1_000;

interface DashboardProps {
  readonly prefix: string;
}

/** All accounts side by side. It finds them by their metrics, so no deployment of an account changes it. */
export class OverviewDashboard extends Construct {
  constructor(scope: Construct, id: string, { prefix }: DashboardProps) {
    super(scope, id);
    const { dashboard, accountDashboard } = sharedNames(prefix);
    const each = (name: MetricName, statistic: string, divisor = 1): IMetric =>
      new SearchExpression({
        expression: searchAccounts(prefix, name, statistic, divisor),
        label: '',
        period: DAY,
      });
    const one = (title: string, metric: IMetric, unit: string): GraphWidget =>
      graph(title, THIRD, { left: [metric], leftYAxis: { min: 0, label: unit, showUnits: false } });
    new Dashboard(this, 'Dashboard', {
      dashboardName: dashboard,
      defaultInterval: Duration.days(14),
      widgets: [
        [
          text(
            `# ${prefix}: all accounts\nA line an account, a point a day. The dashboard **${accountDashboard}** shows one account, with its alarms and what to do.`,
            2,
          ),
        ],
        [
          one(
            'Report ready, hours after midnight',
            each('FreshnessSeconds', 'Maximum', SECONDS_AN_HOUR),
            'hours',
          ),
          one('Reports missing at the hour they are expected', each('ReportsMissing', 'Sum'), 'checks'),
          one('Runs that failed', each('RunsFailed', 'Sum'), 'runs'),
        ],
        [
          one('Runs with an unproven channel', each('RunsUnproven', 'Sum'), 'runs'),
          one('Mails that SES did not take', each('MailsFailed', 'Sum'), 'mails'),
          one('Longest run, minutes', each('RunSeconds', 'Maximum', SECONDS_A_MINUTE), 'minutes'),
        ],
        [
          one('Chats a day', each('Chats', 'Maximum'), 'chats'),
          one('Missed chats, per cent', each('MissedRate', 'Maximum'), '%'),
          one('Customers to call back', each('Callbacks', 'Maximum'), 'customers'),
        ],
      ],
    });
  }
}

/** Each account's metric as a line with its name. A statistic is that of a day. */
function searchAccounts(prefix: string, name: MetricName, statistic: string, divisor: number): string {
  const { service, account } = METRIC_DIMENSIONS;
  const found = `SEARCH('{${NAMESPACE},${account},${service}} MetricName="${name}" ${service}="${prefix}"', '${statistic}', ${DAY.toSeconds()})`;
  return divisor === 1 ? found : `${found} / ${divisor}`;
}

/** It stands in the dashboard where the name of the chosen account goes. */
const CHOSEN = 'the-account';

/** The functions that every account has. */
const PARTS: readonly FunctionPart[] = ['workflow', 'start', 'deadline'];

/** The kinds of alarms of which an account has one for each function. */
const BY_PART: readonly AlarmKind[] = ['function-failed', 'near-time-out'];

/** One account, chosen at the top: its alarms and what to do, its figures, its punctuality, its requests to the source. */
export class AccountDashboard extends Construct {
  constructor(scope: Construct, id: string, { prefix }: DashboardProps) {
    super(scope, id);
    const names = accountNames(prefix, CHOSEN);
    const { service, account } = METRIC_DIMENSIONS;
    new Dashboard(this, 'Dashboard', {
      dashboardName: sharedNames(prefix).accountDashboard,
      defaultInterval: Duration.days(14),
      variables: [
        new DashboardVariable({
          id: 'account',
          type: VariableType.PATTERN,
          inputType: VariableInputType.SELECT,
          label: 'Account',
          value: CHOSEN,
          values: Values.fromSearch(
            `{${NAMESPACE},${account},${service}} MetricName="ReportsMissing" ${service}="${prefix}"`,
            account,
          ),
          defaultValue: DefaultValue.FIRST,
        }),
      ],
      widgets: [
        [alarmStatus(this, names)],
        [freshness(names), runs(names), functions(names)],
        [chats(names), requests(names), mails(names)],
        [whatToDo()],
      ],
    });
  }
}

/** The alarms by their ARNs. The alarm of the API is left out: not every account has one. */
function alarmStatus(scope: Construct, names: AccountNames): AlarmStatusWidget {
  const kinds = Object.keys(ALARMS)
    .filter(isAlarmKind)
    .filter((kind) => kind !== 'api-failed');
  const titles = kinds.flatMap((kind) =>
    BY_PART.includes(kind) ? PARTS.map((part) => names.alarm(kind, part)) : [names.alarm(kind)],
  );
  const alarms = titles.map((title) =>
    Alarm.fromAlarmArn(scope, title, toArn(arnText('cloudwatch', `alarm:${title}`))),
  );
  return new AlarmStatusWidget({ title: `${CHOSEN}: alarms`, alarms, width: FULL_WIDTH, height: 5 });
}

function isAlarmKind(kind: string): kind is AlarmKind {
  return Object.hasOwn(ALARMS, kind);
}

function freshness(names: AccountNames): GraphWidget {
  const seconds = reportMetric('FreshnessSeconds', { names }, { period: DAY, statistic: Stats.MAXIMUM });
  return graph('Report ready, hours after midnight', THIRD, {
    left: [divide('freshness', seconds, SECONDS_AN_HOUR, 'hours after midnight')],
    right: daily(names, ['ReportsMissing']),
    leftYAxis: { min: 0, label: 'hours', showUnits: false },
  });
}

function runs(names: AccountNames): GraphWidget {
  const seconds = reportMetric('RunSeconds', { names }, { period: DAY, statistic: Stats.MAXIMUM });
  return graph('Runs', THIRD, {
    left: daily(names, ['RunsReported', 'RunsUnproven', 'RunsFailed']),
    right: [divide('longest', seconds, SECONDS_A_MINUTE, 'longest, with its waits')],
    rightYAxis: { min: 0, label: 'minutes', showUnits: false },
  });
}

function functions(names: AccountNames): GraphWidget {
  const metric = (metricName: string, part: FunctionPart, statistic: string, label: string): Metric =>
    new Metric({
      namespace: 'AWS/Lambda',
      metricName,
      dimensionsMap: { FunctionName: names.function(part) },
      period: DAY,
      statistic,
      label,
    });
  const queued = (of: 'runs' | 'calls'): Metric =>
    new Metric({
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensionsMap: { QueueName: names.deadLetters(of) },
      period: DAY,
      statistic: Stats.MAXIMUM,
      label: `dead ${of}`,
    });
  return graph('Functions', THIRD, {
    left: PARTS.map((part) =>
      divide(part, metric('Duration', part, Stats.MAXIMUM, part), MS_A_SECOND, `${part}, longest call`),
    ),
    right: [
      ...PARTS.map((part) => metric('Errors', part, Stats.SUM, `${part} errors`)),
      ...(['runs', 'calls'] as const).map(queued),
    ],
    leftYAxis: { min: 0, label: 'seconds', showUnits: false },
  });
}

function chats(names: AccountNames): GraphWidget {
  const ofChannels = (metric: MetricName, label: string): IMetric[] =>
    CHANNELS.map((channel) =>
      // A day that is reported again says the same again.
      reportMetric(
        metric,
        { names, channel },
        { period: DAY, statistic: Stats.MAXIMUM, label: `${channel} ${label}` },
      ),
    );
  return graph('Chats and missed rate', THIRD, {
    left: [...ofChannels('Chats', 'chats'), ...daily(names, ['SilentChannels'])],
    right: ofChannels('MissedRate', 'missed'),
    rightYAxis: { min: 0, max: 100, label: '%', showUnits: false },
  });
}

function requests(names: AccountNames): GraphWidget {
  const ofChannels = (metric: MetricName): IMetric[] =>
    CHANNELS.map((channel) =>
      reportMetric(metric, { names, channel }, { period: DAY, label: `${channel} ${metric}` }),
    );
  return graph(`Asking ${VENDOR}`, THIRD, {
    left: [...ofChannels('Pages'), ...ofChannels('Walks')],
    right: [...ofChannels('Retries'), ...ofChannels('Throttled'), ...daily(names, ['Bans'])],
  });
}

function mails(names: AccountNames): GraphWidget {
  const lost = (['Bounce', 'Complaint', 'Reject'] as const).map((name) =>
    mailMetric(name, names, { period: DAY }),
  );
  return graph('Mails and announcements', THIRD, {
    left: [...daily(names, ['MailsSent', 'MailsFailed', 'AnnouncementsFailed']), ...lost],
  });
}

/** The first actions of each alarm, so that its link leads to something to do on a phone. */
function whatToDo(): TextWidget {
  const entries = Object.entries(ALARMS).map(([kind, { severity, meaning, actions }]) =>
    [`### ${kind} (${severity})`, meaning, ...actions.map((action, at) => `${at + 1}. \`${action}\``)].join(
      '\n',
    ),
  );
  const rows = entries.map((entry) => entry.replaceAll('<account>', CHOSEN));
  return text(['## What to do', ...rows].join('\n'), 30);
}

function divide(id: string, metric: Metric, divisor: number, label: string): MathExpression {
  return new MathExpression({
    expression: `${id} / ${divisor}`,
    usingMetrics: { [id]: metric },
    label,
    period: DAY,
  });
}

function daily(names: AccountNames, metrics: readonly MetricName[]): IMetric[] {
  return metrics.map((name) => reportMetric(name, { names }, { period: DAY, label: name }));
}

function graph(
  title: string,
  width: number,
  props: ConstructorParameters<typeof GraphWidget>[0],
): GraphWidget {
  return new GraphWidget({ title, width, height: HEIGHT, ...props });
}

function text(markdown: string, height: number): TextWidget {
  return new TextWidget({ markdown, width: FULL_WIDTH, height });
}
