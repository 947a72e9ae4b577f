import type { Channel } from '../chat/channel.ts';

/**
 * Everything that is ever logged. The list is closed, and none of it can carry a token or a customer's data: what
 * others wrote goes through `redact` before it becomes a `problem`.
 */
export type LogEvent =
  | { readonly event: 'run-started' | 'lease-awaited' }
  | { readonly event: 'step-done'; readonly step: string; readonly ms: number }
  | { readonly event: 'step-failed'; readonly step: string; readonly ms: number; readonly problem: string }
  | {
      readonly event: 'page-kept';
      readonly channel: Channel;
      readonly walk: number;
      readonly page: number;
      readonly rows: number;
      readonly numFound: number;
    }
  | {
      readonly event: 'request-repeated';
      readonly channel?: Channel;
      readonly attempt: number;
      readonly problem: string;
    }
  | {
      readonly event: 'channel-captured';
      readonly channel: Channel;
      readonly verdict: 'proven' | 'unproven';
      readonly reason?: string;
      readonly rows: number;
    }
  | { readonly event: 'record-failed'; readonly problem: string }
  | { readonly event: 'run-ended'; readonly state: 'reported' | 'unproven' | 'failed' };

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
      return 'error';
    case 'request-repeated':
    case 'record-failed':
      return 'warn';
    case 'channel-captured':
      return entry.verdict === 'proven' ? 'info' : 'error';
    case 'run-ended':
      return entry.state === 'reported' ? 'info' : 'error';
    case 'run-started':
    case 'lease-awaited':
    case 'step-done':
    case 'page-kept':
      return 'info';
  }
}
