import type { AwaitedReport, LogContext, LogEvent } from './log.ts';

/** The metrics of the program itself, which CloudWatch stores and alarms watch. They are made from the events of the log. */

/** The metrics, each with its unit as CloudWatch names it. */
export const METRIC_UNITS = {
  Pages: 'Count',
  Walks: 'Count',
  Retries: 'Count',
  Throttled: 'Count',
  Bans: 'Count',
  TokensRefused: 'Count',
  SecretsUnreadable: 'Count',
  Chats: 'Count',
  MissedRate: 'Percent',
  Callbacks: 'Count',
  SilentChannels: 'Count',
  RunsReported: 'Count',
  RunsUnproven: 'Count',
  RunsFailed: 'Count',
  RunSeconds: 'Seconds',
  /** From the end of the day to its report. */
  FreshnessSeconds: 'Seconds',
  MailsSent: 'Count',
  MailsFailed: 'Count',
  AnnouncementsFailed: 'Count',
  /** Channels whose chats since midnight could not be read. Their lists of waiting customers are as of midnight. */
  TodayUnread: 'Count',
  /** 1 if there is no report at the hour when it is expected, and no further run was started. Else 0: each check has a value. */
  ReportsMissing: 'Count',
} as const;

export type MetricName = keyof typeof METRIC_UNITS;

/** Where CloudWatch files the metrics. Each has the dimensions service and account. Some also have a channel. */
export const NAMESPACE = 'ChatReport';
/** The dimension service is the prefix of the deployment. This is the usual one. */
export const SERVICE = 'chat-report';
export const METRIC_DIMENSIONS = { service: 'service', account: 'account', channel: 'channel' } as const;

/** A value of a metric. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  /** Left out if the value is of the whole account. */
  readonly channel?: string;
}

/**
 * People wait for no mail of a run that sends none. Its caller sees how it ends, so these metrics leave it out. The
 * others are of the whole account: a lockout, a refused token or an unread secret meets the next daily run too.
 */
const OF_MAILED_RUNS: readonly MetricName[] = [
  'RunsReported',
  'RunsUnproven',
  'RunsFailed',
  'RunSeconds',
  'SilentChannels',
];

/** The second check of the day tells whether the run that the first one started has made the report. */
const NOT_MISSING: readonly AwaitedReport[] = ['there', 'run-started'];

/** The values that an event of the log adds to the metrics. */
export function measurementsOf(entry: LogContext & LogEvent): Measurement[] {
  const all = everyMeasurementOf(entry);
  return entry.isUnmailed ? all.filter(({ name }) => !OF_MAILED_RUNS.includes(name)) : all;
}

function everyMeasurementOf(event: LogEvent): Measurement[] {
  switch (event.event) {
    case 'page-kept': {
      const { channel, page } = event;
      const pages: Measurement = { name: 'Pages', value: 1, channel };
      return page === 1 ? [pages, { name: 'Walks', value: 1, channel }] : [pages];
    }
    case 'request-repeated': {
      const dimension = event.channel === undefined ? {} : { channel: event.channel };
      const retries: Measurement = { name: 'Retries', value: 1, ...dimension };
      return event.isThrottled ? [retries, { name: 'Throttled', value: 1, ...dimension }] : [retries];
    }
    case 'channel-captured':
      // Without a channel: the source locks out or refuses the whole account, and the alarms watch accounts.
      return [
        { name: 'Bans', value: Number(event.reason === 'banned') },
        { name: 'TokensRefused', value: Number(event.reason === 'token-refused') },
        { name: 'SecretsUnreadable', value: Number(event.reason === 'secret-unreadable') },
      ];
    case 'channel-measured': {
      const { channel, chats, missedRate } = event;
      return withRate([{ name: 'Chats', value: chats, channel }], missedRate, channel);
    }
    // Without a channel: the alarm watches accounts. The log names the channel.
    case 'channel-silent':
      return [{ name: 'SilentChannels', value: 1 }];
    case 'day-published': {
      const { chats, missedRate, callbacks, freshnessSeconds } = event;
      return withRate(
        [
          { name: 'Chats', value: chats },
          { name: 'Callbacks', value: callbacks },
          { name: 'FreshnessSeconds', value: freshnessSeconds },
        ],
        missedRate,
      );
    }
    case 'run-ended':
      // No alarm expects a report of some channels only.
      if (event.only !== undefined) return [{ name: 'RunsFailed', value: Number(event.state === 'failed') }];
      return [
        { name: 'RunsReported', value: Number(event.state === 'reported') },
        { name: 'RunsUnproven', value: Number(event.state === 'unproven' || event.state === 'partial') },
        { name: 'RunsFailed', value: Number(event.state === 'failed') },
        { name: 'RunSeconds', value: event.ms / 1_000 },
      ];
    // The run stops before it can log its end.
    case 'lake-refused':
      return [{ name: 'RunsFailed', value: 1 }];
    case 'mail-sent':
      return [{ name: 'MailsSent', value: 1 }];
    case 'mail-failed':
      return [{ name: 'MailsFailed', value: 1 }];
    case 'announcement-failed':
      return [{ name: 'AnnouncementsFailed', value: 1 }];
    case 'today-unread':
      return [{ name: 'TodayUnread', value: 1 }];
    case 'report-awaited':
      return [{ name: 'ReportsMissing', value: Number(!NOT_MISSING.includes(event.outcome)) }];
    case 'run-started':
    case 'run-requested':
    case 'lease-awaited':
    case 'step-done':
    case 'step-failed':
    case 'record-failed':
    case 'day-looked-at':
    case 'look-failed':
    case 'file-unreadable':
    case 'run-broke':
    case 'link-left-out':
    case 'sign-in-failed':
    case 'request-failed':
      return [];
  }
}

/** Without chats there is no rate. It is not 0. */
function withRate(values: Measurement[], rate: number | null, channel?: string): Measurement[] {
  if (rate === null) return values;
  return [...values, { name: 'MissedRate', value: rate * 100, ...(channel !== undefined && { channel }) }];
}
