import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CHANNELS } from '../functions/chats/channel.ts';
import type { MetricName } from '../functions/observability/metrics.ts';
import { VENDOR } from '../functions/sources/vendor.ts';
import type { AccountReport } from './account-report.ts';
import { mailMetric, reportMetric } from './metrics.ts';
import { APPLICATION } from './names.ts';
import type { TimeOfDay } from './read-account.ts';

const FULL_WIDTH = 24;
const THIRD = 8;
const HEIGHT = 6;
const DAY = Duration.days(1);

/** The reports of all accounts: their figures, their punctuality, and their requests to the source. */
export class ReportDashboard extends Construct {
  constructor(scope: Construct, id: string, { reports }: { readonly reports: readonly AccountReport[] }) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: APPLICATION,
      defaultInterval: Duration.days(14),
      widgets: reports.flatMap(rowsOf),
    });
  }
}

function rowsOf(report: AccountReport): IWidget[][] {
  const { account, alarms } = report;
  const { name } = account;
  return [
    [new TextWidget({ markdown: `# ${name}`, width: FULL_WIDTH, height: 1 })],
    [new AlarmStatusWidget({ title: `${name}: alarms`, alarms: alarms.all, width: FULL_WIDTH, height: 3 })],
    [chats(name), freshness(account), runs(name)],
    [requests(name), mails(name), functions(report)],
  ];
}

function chats(account: string): GraphWidget {
  const ofChannels = (metric: MetricName, statistic: string): IMetric[] =>
    CHANNELS.map((channel) =>
      reportMetric(metric, { account, channel }, { period: DAY, statistic, label: `${channel} ${metric}` }),
    );
  const silentChannels = reportMetric(
    'SilentChannels',
    { account },
    { period: DAY, label: 'SilentChannels' },
  );
  return third(`${account}: chats and missed rate`, {
    // A day that is reported again says the same again.
    left: [...ofChannels('Chats', Stats.MAXIMUM), silentChannels],
    right: ofChannels('MissedRate', Stats.MAXIMUM),
    rightYAxis: { min: 0, max: 100, label: '%' },
  });
}

function freshness({ name, reportBy }: { readonly name: string; readonly reportBy: TimeOfDay }): GraphWidget {
  return third(`${name}: seconds from midnight to the report`, {
    left: [reportMetric('FreshnessSeconds', { account: name }, { period: DAY, statistic: Stats.MAXIMUM })],
    leftAnnotations: [{ value: (reportBy.hour * 60 + reportBy.minute) * 60, label: 'expected by' }],
  });
}

function runs(account: string): GraphWidget {
  return third(`${account}: runs`, {
    left: daily(account, ['RunsReported', 'RunsUnproven', 'RunsFailed', 'ReportsMissing']),
    right: [reportMetric('RunSeconds', { account }, { period: DAY, statistic: Stats.MAXIMUM })],
  });
}

function requests(account: string): GraphWidget {
  const ofChannels = (metric: MetricName): IMetric[] =>
    CHANNELS.map((channel) =>
      reportMetric(metric, { account, channel }, { period: DAY, label: `${channel} ${metric}` }),
    );
  return third(`${account}: asking ${VENDOR}`, {
    left: [...ofChannels('Pages'), ...ofChannels('Walks')],
    right: [...ofChannels('Retries'), ...ofChannels('Throttled'), ...daily(account, ['Bans'])],
  });
}

function mails(account: string): GraphWidget {
  const lost = (['Bounce', 'Complaint', 'Reject'] as const).map((name) =>
    mailMetric(name, account, { period: DAY }),
  );
  return third(`${account}: mails and announcements`, {
    left: [...daily(account, ['MailsSent', 'MailsFailed', 'AnnouncementsFailed']), ...lost],
  });
}

function functions({ account, functions: all, deadLetters }: AccountReport): GraphWidget {
  const period = DAY;
  return third(`${account.name}: functions`, {
    left: all.map(({ part, function: code }) =>
      code.metricDuration({ period, statistic: Stats.MAXIMUM, label: `${part} longest` }),
    ),
    right: [
      ...all.map(({ part, function: code }) => code.metricErrors({ period, label: `${part} errors` })),
      ...[deadLetters.runs, deadLetters.calls].map((queue) =>
        queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
      ),
    ],
  });
}

function daily(account: string, names: readonly MetricName[]): IMetric[] {
  return names.map((name) => reportMetric(name, { account }, { period: DAY, label: name }));
}

function third(title: string, props: ConstructorParameters<typeof GraphWidget>[0]): GraphWidget {
  return new GraphWidget({ title, width: THIRD, height: HEIGHT, ...props });
}
