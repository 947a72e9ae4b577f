import type { Channel } from '../chats/channel.ts';

/**
 * Everything that is ever logged. The list is closed, and none of it can carry a token or a customer's data: what
 * others wrote goes through `redact` before it becomes a `problem`.
 */
export type LogEvent =
  | { readonly event: 'run-requested' | 'run-started' | 'lease-awaited' }
  | { readonly event: 'step-done'; readonly step: string; readonly ms: number }
  | { readonly event: 'step-failed'; readonly step: string; readonly ms: number; readonly problem: string }
  | {
      readonly event: 'page-kept';
      readonly channel: Channel;
      readonly page: number;
      readonly rows: number;
      readonly numFound: number;
    }
  | {
      readonly event: 'request-repeated';
      readonly channel?: Channel;
      readonly attempt: number;
      readonly problem: string;
      readonly isThrottled: boolean;
    }
  | {
      readonly event: 'channel-captured';
      readonly channel: Channel;
      readonly verdict: 'proven' | 'unproven';
      readonly reason?: string;
      readonly rows: number;
    }
  | {
      readonly event: 'channel-measured';
      readonly channel: Channel;
      readonly chats: number;
      readonly missedRate: number | null;
    }
  /** It had no chat since then, all day where that is null, though the week before had many. */
  | { readonly event: 'channel-silent'; readonly channel: Channel; readonly since: string | null }
  | {
      readonly event: 'day-published';
      readonly chats: number;
      readonly missedRate: number | null;
      readonly callbacks: number;
      /** From the end of the day to now. */
      readonly freshnessSeconds: number;
    }
  /** An earlier day was asked for again: so many days before the reported one. */
  | { readonly event: 'day-looked-at'; readonly back: number; readonly changed: boolean }
  /** It stays as it is, or one of its channels does. */
  | { readonly event: 'look-failed'; readonly channel?: Channel; readonly problem: string }
  /** Who was answered since midnight is not known of a channel, or of all. */
  | { readonly event: 'today-unread'; readonly channel?: Channel; readonly problem: string }
  | { readonly event: 'record-failed' | 'run-broke'; readonly problem: string }
  /** It is another account's, or a newer program's. */
  | { readonly event: 'lake-refused'; readonly problem: string }
  /** What lies there is passed over, or made again: what is damaged, or of a newer program. */
  | { readonly event: 'file-unreadable'; readonly key: string; readonly problem: string }
  /** A report was mailed without the link into the browser. */
  | { readonly event: 'link-left-out'; readonly problem: string }
  /** The API answered 500. `route`: as the OpenAPI document writes it, without what was asked for. */
  | {
      readonly event: 'request-failed';
      readonly method: string;
      readonly route: string;
      readonly problem: string;
    }
  /** `recipient`: their place in the account's list, from 1. */
  | { readonly event: 'mail-sent'; readonly recipient: number }
  | { readonly event: 'mail-failed'; readonly recipient: number; readonly problem: string }
  | { readonly event: 'announcement-failed'; readonly to: string; readonly problem: string }
  /** Whether there was a report at the hour by which it is expected. */
  | { readonly event: 'report-awaited'; readonly isThere: boolean }
  | {
      readonly event: 'run-ended';
      readonly state: 'reported' | 'partial' | 'unproven' | 'failed' | 'interrupted';
      readonly ms: number;
      /** It was for these channels alone. */
      readonly only?: readonly Channel[];
    };

/** What is the same for many events. */
export interface LogContext {
  readonly account?: string;
  readonly run?: string;
  readonly day?: string;
  readonly step?: string;
}

type LogLevel = 'info' | 'warn' | 'error';
export type LogSink = (level: LogLevel, entry: LogContext & LogEvent) => void;

/** Says what happens, to whoever listens. */
export interface Log {
  (event: LogEvent): void;
  /** The same log, with more that is the same for each event. */
  about(context: LogContext): Log;
}

export function openLog(sink: LogSink, context: LogContext = {}): Log {
  const say = (event: LogEvent): void => sink(levelOf(event), { ...context, ...event });
  return Object.assign(say, { about: (more: LogContext) => openLog(sink, { ...context, ...more }) });
}

function levelOf(entry: LogEvent): LogLevel {
  switch (entry.event) {
    case 'step-failed':
    case 'request-failed':
    case 'run-broke':
    case 'lake-refused':
      return 'error';
    case 'request-repeated':
    case 'link-left-out':
    case 'record-failed':
    case 'announcement-failed':
    case 'look-failed':
    case 'today-unread':
    case 'file-unreadable':
    case 'channel-silent':
      return 'warn';
    case 'mail-failed':
      return 'error';
    case 'report-awaited':
      return entry.isThere ? 'info' : 'error';
    case 'channel-captured':
      return entry.verdict === 'proven' ? 'info' : 'error';
    case 'run-ended':
      return entry.state === 'reported' ? 'info' : 'error';
    case 'run-started':
    case 'run-requested':
    case 'lease-awaited':
    case 'channel-measured':
    case 'day-published':
    case 'day-looked-at':
    case 'mail-sent':
    case 'step-done':
    case 'page-kept':
      return 'info';
  }
}
