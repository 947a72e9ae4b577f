import { missingChannels } from '../capture/coverage.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { headlineFigures, isStatusUnknown } from '../metrics/rates.ts';
import type { Summary } from '../metrics/summary.ts';
import { FORMATS } from '../report/formats.ts';
import type { Change } from '../storage/changes.ts';
import { changeKey, curatedChatsPrefix, curatedMetricsKey, reportKey } from '../storage/layout.ts';

/** Notifications for other programs: about the report of a day, and about changes of a day's rows. */

/**
 * A day's report is published. Holds the headline figures and the keys of all files. It may come more than once: a later one
 * for the same day replaces the earlier ones. It holds no personal data. The customers to call back are in the lake only.
 */
export interface ReportNotification {
  readonly schema: 'chat-report/published/1';
  readonly account: string;
  readonly day: string;
  readonly timeZone: string;
  /** When the last capture ended, ISO 8601 in UTC. */
  readonly generatedAt: string;
  /** `partial` if some channels could not be proven. A later notification for the day may have more channels. */
  readonly verdict: 'proven' | 'partial';
  /** The proven channels. All figures are of these. */
  readonly channels: readonly Channel[];
  /** The channels that could not be proven. Empty if there is none. */
  readonly missing: readonly Channel[];
  /** Channels without a chat since an hour, although the week before had many. `since` is null if the whole day has none. */
  readonly silent: readonly { readonly channel: Channel; readonly since: string | null }[];
  /** Rates are shares from 0 to 1. They are null without chats, and if the status of too many chats is not known. */
  readonly headline: {
    readonly chats: number;
    readonly customers: number;
    readonly answered: number;
    readonly missed: number;
    /** Chats whose status is not known. Left out unless they are so many that there are no rates. */
    readonly other?: number;
    readonly missedRate: number | null;
    readonly serviceLevelRate: number | null;
    /** Customers to call back. */
    readonly callbacks: number;
    readonly byChannel: Readonly<
      Partial<Record<Channel, { readonly chats: number; readonly missed: number }>>
    >;
  };
  /** The lake's address, such as `s3://bucket/prefix`. */
  readonly lake: string;
  /** Keys in the lake: of the summary, and of each format by its id. */
  readonly keys: Readonly<Record<string, string>>;
}

/**
 * The rows of a day have changed. A program that copies the tables reads this day again. The same notification may come more
 * than once. The order of changes is that of `sequence`.
 */
export interface ChangeNotification
  extends Pick<Change, 'sequence' | 'at' | 'day' | 'kind' | 'verdict' | 'definitions'> {
  readonly schema: 'chat-report/changed/1';
  readonly account: string;
  /** The channels of the report after the change. Empty if the day has no report. */
  readonly channels: readonly Channel[];
  /** SHA-256 of the `customer_key` of each customer who was erased from the day. Empty if it was no erasure. */
  readonly tombstones: readonly string[];
  /** The lake's address. */
  readonly lake: string;
  /** Keys in the lake. `chats` is the prefix of several files. */
  readonly keys: {
    readonly change: string;
    readonly summary: string;
    readonly chats: string;
    readonly metrics: string;
  };
}

export type Notification = ReportNotification | ChangeNotification;

/** Sends notifications to another program. */
export interface Notifier {
  /** A name for the log, without secrets. */
  readonly name: string;
  /** Repeats attempts that fail for the moment. @throws NotNotifiedError after the last one */
  notify(notification: Notification): Promise<void>;
}

/** The receiver may not have the notification. The message holds no key, and only the host of an address. */
export class NotNotifiedError extends Error {
  override readonly name = 'NotAnnouncedError';
}

/** The notification about a report. @param silent see {@link ReportNotification.silent} */
export function reportNotification(
  summary: Summary,
  silent: ReportNotification['silent'],
  { account, lake }: { readonly account: string; readonly lake: string },
): ReportNotification {
  const { day, timeZone, generatedAt, totals, callbacks } = summary;
  const { figures, byChannel } = headlineFigures(summary);
  const { other, missedRate, serviceLevelRate, ...counts } = figures;
  const missing = missingChannels(summary.completeness);
  return {
    schema: 'chat-report/published/1',
    account,
    day,
    timeZone,
    generatedAt,
    verdict: missing.length === 0 ? 'proven' : 'partial',
    channels: totals.channels,
    missing,
    silent: silent.map(({ channel, since }) => ({ channel, since })),
    headline: {
      ...counts,
      ...(isStatusUnknown(totals) && { other }),
      missedRate,
      serviceLevelRate,
      callbacks: callbacks.length,
      byChannel: Object.fromEntries(
        Object.entries(byChannel).map(([channel, { chats, missed }]) => [channel, { chats, missed }]),
      ),
    },
    lake,
    keys: {
      summary: reportKey({ day }, 'summary.json'),
      ...Object.fromEntries(FORMATS.map(({ id, file }) => [id, reportKey({ day }, file)])),
    },
  };
}

/** The notification about a change. */
export function changeNotification(
  change: Change,
  { account, lake }: { readonly account: string; readonly lake: string },
): ChangeNotification {
  const { sequence, at, day, kind, verdict, definitions, channels, tombstones = [] } = change;
  return {
    schema: 'chat-report/changed/1',
    account,
    ...{ sequence, at, day, kind, verdict, definitions, tombstones },
    channels: CHANNELS.filter((channel) => channels[channel]?.is),
    lake,
    keys: {
      change: changeKey(sequence),
      summary: reportKey({ day }, 'summary.json'),
      chats: curatedChatsPrefix(day),
      metrics: curatedMetricsKey(day),
    },
  };
}
