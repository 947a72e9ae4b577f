import type { Channel } from '../chats/channel.ts';

/**
 * Every event of the log. No other event can be logged. No field can carry a token or customers' data: a `problem` goes
 * through `redact` first.
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
  /** A channel has no chat since an hour, although the week before had many. `since` is null if the whole day has none. */
  | { readonly event: 'channel-silent'; readonly channel: Channel; readonly since: string | null }
  | {
      readonly event: 'day-published';
      readonly chats: number;
      readonly missedRate: number | null;
      readonly callbacks: number;
      /** From the end of the day to its report. */
      readonly freshnessSeconds: number;
    }
  /** An earlier day was rechecked. `back`: how many days it is before the reported day. */
  | { readonly event: 'day-looked-at'; readonly back: number; readonly changed: boolean }
  /** A recheck failed. The day keeps its report, or one channel keeps its figures. */
  | { readonly event: 'look-failed'; readonly channel?: Channel; readonly problem: string }
  /** Today's chats of a channel, or of all, could not be read. So it is unknown which customers have an answer since midnight. */
  | { readonly event: 'today-unread'; readonly channel?: Channel; readonly problem: string }
  | { readonly event: 'record-failed' | 'run-broke'; readonly problem: string }
  /** The lake belongs to another account or to a newer version of the program. */
  | { readonly event: 'lake-refused'; readonly problem: string }
  /** A file is damaged, or written by a newer version. It is ignored or written again. */
  | { readonly event: 'file-unreadable'; readonly key: string; readonly problem: string }
  /** A report was mailed without its share link. */
  | { readonly event: 'link-left-out'; readonly problem: string }
  /** The API answered 500. `route`: the path of the OpenAPI document, without values. */
  | {
      readonly event: 'request-failed';
      readonly method: string;
      readonly route: string;
      readonly problem: string;
    }
  /** A person could not sign in to the pages. `problem`: without what the issuer tells of the person. */
  | {
      readonly event: 'sign-in-failed';
      readonly kind: 'refused' | 'expired' | 'failed';
      readonly problem: string;
    }
  /** `recipient`: the place in the account's list of recipients, from 1. */
  | { readonly event: 'mail-sent'; readonly recipient: number }
  | { readonly event: 'mail-failed'; readonly recipient: number; readonly problem: string }
  | { readonly event: 'announcement-failed'; readonly to: string; readonly problem: string }
  /** The freshness check looked for the report at the hour when it is expected. */
  | {
      readonly event: 'report-awaited';
      readonly outcome: AwaitedReport;
      /** Why no run could be started. */
      readonly problem?: string;
    }
  | {
      readonly event: 'run-ended';
      readonly state: 'reported' | 'partial' | 'unproven' | 'failed' | 'interrupted';
      readonly ms: number;
      /** The run was for these channels only. */
      readonly only?: readonly Channel[];
    };

/**
 * What the freshness check found. `there`: the report. `run-started`: no report and no run, so it started one. `run-at-work`:
 * no report yet. `start-failed`: no report, and no run could be started. `missing`: no report, and no more is tried.
 */
export type AwaitedReport = 'there' | 'run-started' | 'run-at-work' | 'start-failed' | 'missing';

/** Fields that many events have in common. */
export interface LogContext {
  readonly account?: string;
  readonly run?: string;
  readonly day?: string;
  readonly step?: string;
  /** The run sends no mail, neither a report nor a notice. Left out of other runs. */
  readonly isUnmailed?: true;
}

type LogLevel = 'info' | 'warn' | 'error';
/** Writes an event somewhere. */
export type LogSink = (level: LogLevel, entry: LogContext & LogEvent) => void;

/** Logs events. */
export interface Log {
  (event: LogEvent): void;
  /** The same log with more fields for each event. */
  about(context: LogContext): Log;
}

export function openLog(sink: LogSink, context: LogContext = {}): Log {
  const write = (event: LogEvent): void => sink(levelOf(event), { ...context, ...event });
  return Object.assign(write, { about: (more: LogContext) => openLog(sink, { ...context, ...more }) });
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
    case 'sign-in-failed':
      return entry.kind === 'failed' ? 'warn' : 'info';
    case 'report-awaited':
      if (entry.outcome === 'run-started') return 'warn';
      return entry.outcome === 'there' ? 'info' : 'error';
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
