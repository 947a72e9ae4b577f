import { missingChannels } from '../capture/coverage.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { headlineFigures, isStatusUnknown } from '../metrics/rates.ts';
import type { Summary } from '../metrics/summary.ts';
import { FORMATS } from '../report/formats.ts';
import type { Change } from '../storage/changes.ts';
import { changeKey, curatedChatsPrefix, curatedMetricsKey, reportKey } from '../storage/layout.ts';

/**
 * Tells other programs that a day's report is out, its headline, and where all of it is. It may come more than once,
 * and a later one for the same day replaces the ones before. It holds no one's data: who is to be called back stands
 * in the lake alone.
 */
export interface Notification {
  readonly schema: 'chat-report/published/1';
  readonly account: string;
  readonly day: string;
  readonly timeZone: string;
  /** When the last capture ended, ISO 8601 in UTC. */
  readonly generatedAt: string;
  /** `partial` where some channels could not be proven: a later event for the day may be of more. */
  readonly verdict: 'proven' | 'partial';
  /** The proven channels, which all figures are of. */
  readonly channels: readonly Channel[];
  /** Those that could not be proven; empty where there is none. */
  readonly missing: readonly Channel[];
  /** Those that had no chat since then, all day where `since` is null, though the week before had many; empty where none is. */
  readonly silent: readonly { readonly channel: Channel; readonly since: string | null }[];
  /** Rates are shares from 0 to 1, null when of nothing, and where the status of too many chats is not known. */
  readonly headline: {
    readonly chats: number;
    readonly customers: number;
    readonly answered: number;
    readonly missed: number;
    /** Chats whose status is not known; told where they are so many that there are no rates. */
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
  /** Within the lake: of the summary, and of each form by its id. */
  readonly keys: Readonly<Record<string, string>>;
}

/**
 * Tells other programs that the rows of a day are others: which days a copy of the tables has to be read again of. It may
 * come more than once, and then says the same. The order of changes is that of `sequence`.
 */
export interface ChangeNotification
  extends Pick<Change, 'sequence' | 'at' | 'day' | 'kind' | 'verdict' | 'definitions'> {
  readonly schema: 'chat-report/changed/1';
  readonly account: string;
  /** Those that the report is of from then on; none where the day has no report. */
  readonly channels: readonly Channel[];
  /** Customers who left the day with an erasure, by SHA-256 of their `customer_key`; empty where it was none. */
  readonly tombstones: readonly string[];
  /** The lake's address. */
  readonly lake: string;
  /** Within the lake; `chats` is what the keys of its tables begin with. */
  readonly keys: {
    readonly change: string;
    readonly summary: string;
    readonly chats: string;
    readonly metrics: string;
  };
}

/** All that others are told. */
export type Told = Notification | ChangeNotification;

/** A way to tell other programs. */
export interface Notifier {
  /** As it may be logged. */
  readonly name: string;
  /** Tries again for what may pass. @throws NotAnnouncedError */
  announce(told: Told): Promise<void>;
}

/** Nobody may have heard of it. The message holds neither a key nor more of an address than its host. */
export class NotNotifiedError extends Error {
  override readonly name = 'NotAnnouncedError';
}

export function announce(
  summary: Summary,
  silent: Notification['silent'],
  { account, lake }: { readonly account: string; readonly lake: string },
): Notification {
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
        Object.entries(byChannel).map(([channel, of]) => [channel, { chats: of.chats, missed: of.missed }]),
      ),
    },
    lake,
    keys: {
      summary: reportKey({ day }, 'summary.json'),
      ...Object.fromEntries(FORMATS.map(({ id, file }) => [id, reportKey({ day }, file)])),
    },
  };
}

export function notifyChange(
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
