import type { LogEvent } from './log.ts';

/** What is measured of the program itself, with the unit as CloudWatch names it. */
export const METRIC_UNITS = {
  Pages: 'Count',
  Walks: 'Count',
  Retries: 'Count',
  Throttled: 'Count',
  Bans: 'Count',
  TokensRefused: 'Count',
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
  /** The chats since midnight could not be read of a channel, so that its list of who waits is as of midnight. */
  TodayUnread: 'Count',
  /** 1 when there was no report by the hour it is expected at, else 0. */
  ReportsMissing: 'Count',
} as const;

export type MetricName = keyof typeof METRIC_UNITS;

/** How CloudWatch files the metrics: each under the service and an account, some under a channel too. */
export const NAMESPACE = 'ChatReport';
export const SERVICE = 'chat-report';
export const METRIC_DIMENSIONS = { service: 'service', account: 'account', channel: 'channel' } as const;

/** A value of a metric, of one channel or, where it has none, of the account as a whole. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  readonly channel?: string;
}

/** What an event in the log adds to the metrics. */
export function measurementsOf(event: LogEvent): Measurement[] {
  switch (event.event) {
    case 'page-kept': {
      const { channel, page } = event;
      const pages: Measurement = { name: 'Pages', value: 1, channel };
      return page === 1 ? [pages, { name: 'Walks', value: 1, channel }] : [pages];
    }
    case 'request-repeated': {
      const of = event.channel === undefined ? {} : { channel: event.channel };
      const retries: Measurement = { name: 'Retries', value: 1, ...of };
      return event.isThrottled ? [retries, { name: 'Throttled', value: 1, ...of }] : [retries];
    }
    case 'channel-captured':
      // Of the account: that is what is banned or refused, and what an alarm watches.
      return [
        { name: 'Bans', value: Number(event.reason === 'banned') },
        { name: 'TokensRefused', value: Number(event.reason === 'token-refused') },
      ];
    case 'channel-measured': {
      const { channel, chats, missedRate } = event;
      return withRate([{ name: 'Chats', value: chats, channel }], missedRate, channel);
    }
    // Of the account, which is what an alarm watches; the log has the channel.
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
      // Nothing waits for a report of some channels.
      if (event.only !== undefined) return [{ name: 'RunsFailed', value: Number(event.state === 'failed') }];
      return [
        { name: 'RunsReported', value: Number(event.state === 'reported') },
        { name: 'RunsUnproven', value: Number(event.state === 'unproven' || event.state === 'partial') },
        { name: 'RunsFailed', value: Number(event.state === 'failed') },
        { name: 'RunSeconds', value: event.ms / 1_000 },
      ];
    // No run of this account was there to end.
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
      return [{ name: 'ReportsMissing', value: Number(!event.isThere) }];
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
    case 'request-failed':
      return [];
  }
}

/** A rate of nothing is none, not 0. */
function withRate(measured: Measurement[], rate: number | null, channel?: string): Measurement[] {
  if (rate === null) return measured;
  return [...measured, { name: 'MissedRate', value: rate * 100, ...(channel !== undefined && { channel }) }];
}
