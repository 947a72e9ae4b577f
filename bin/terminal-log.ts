import pino from 'pino';
import {
  type Log,
  type LogContext,
  type LogEvent,
  type LogSink,
  openLog,
} from '../functions/observability/log.ts';
import { VENDOR } from '../functions/sources/vendor.ts';
import { toJsonText, toStrictJson } from '../functions/text/write-json.ts';
import { CLEAR_LINE, type LogForm, type Terminal } from './terminal.ts';

/** Writes one JSON object a line. The line is out before the call returns, so that a killed process loses none. */
export function jsonLines(write: (line: string) => void): LogSink {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    { write: (line: string) => write(`${toStrictJson(line.trimEnd())}\n`) },
  );
  return (level, entry) => logger[level](entry);
}

type Entry = LogContext & LogEvent;

/** The usual form: a person at a terminal sees a line of progress. */
function logFormOf({ logForm, isWatched }: Terminal): LogForm {
  return logForm ?? (isWatched ? 'progress' : 'plain');
}

export interface TerminalLog {
  readonly log: Log;
  /** Removes the line of progress, before a line that stays. */
  clear(): void;
}

/**
 * The log of a command at work.
 *
 * @param observe gets each entry, too
 * @param options.place ends the line of progress: how far the command is as a whole; empty for nothing
 */
export function openTerminalLog(
  terminal: Terminal,
  observe: (entry: Entry) => void = () => {},
  { place = () => '' }: { readonly place?: () => string } = {},
): TerminalLog {
  const form = logFormOf(terminal);
  const write = withoutRepeats(openSink(form, terminal, place));
  const sink: LogSink = (level, entry) => {
    observe(entry);
    write(level, entry);
  };
  return { log: openLog(sink), clear: () => form === 'progress' && terminal.err(CLEAR_LINE) };
}

function openSink(form: LogForm, { err, columns }: Terminal, place: () => string): LogSink {
  switch (form) {
    case 'json':
      return jsonLines(err);
    case 'progress':
      return (_level, entry) => {
        const warning = toWarning(entry);
        if (warning !== null) err(`${CLEAR_LINE}${warning}\n`);
        const text = toProgress(entry);
        if (text === null) return;
        const line = [dated(entry, text), place()].filter(Boolean).join('; ');
        // A line that goes on in the next one could not be drawn again.
        err(`${CLEAR_LINE}${columns === undefined ? line : line.slice(0, columns - 1)}`);
      };
    case 'verbose':
      return (level, entry) => err(`${toLogLine(level, entry)}\n`);
    case 'plain':
    case 'quiet':
      return (_level, entry) => {
        const text = toWarning(entry) ?? (form === 'plain' ? toNews(entry) : null);
        if (text !== null) err(`${text}\n`);
      };
  }
}

const HEARTBEAT_MS = 30_000;

/** Tells of progress now and then, where lines are plain. @param describe null for nothing to tell */
export function openHeartbeat(terminal: Terminal, describe: () => string | null): Disposable {
  const beat = (): void => {
    const text = describe();
    if (text !== null) terminal.err(text);
  };
  const isWanted = logFormOf(terminal) === 'plain';
  const timer = isWanted ? setInterval(beat, terminal.heartbeatMs ?? HEARTBEAT_MS) : undefined;
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Each of several days may meet the same unreadable file. It is reported once. */
function withoutRepeats(sink: LogSink): LogSink {
  const reported = new Set<string>();
  return (level, entry) => {
    if (entry.event === 'file-unreadable') {
      if (reported.has(entry.key)) return;
      reported.add(entry.key);
    }
    sink(level, entry);
  };
}

function dated({ day }: LogContext, text: string): string {
  return day === undefined ? text : `${day} ${text}`;
}

/** Text that stays on the screen. */
function toWarning(entry: Entry): string | null {
  return entry.event === 'file-unreadable' ? `${entry.key}: ${entry.problem}` : null;
}

/** Why nothing goes on for a while. */
function toNews(entry: Entry): string | null {
  switch (entry.event) {
    case 'request-repeated':
      return dated(entry, `${VENDOR} ${entry.problem}; trying again (${entry.attempt})`);
    case 'lease-awaited':
      return dated(entry, 'another run is at work on this lake; waiting for it');
    default:
      return null;
  }
}

function toProgress(entry: Entry): string | null {
  switch (entry.event) {
    case 'page-kept': {
      const { channel, rows, numFound } = entry;
      return `${channel}: ${rows} of ${numFound} chats`;
    }
    default:
      return toNews(entry);
  }
}

/** Any event in one line: the time, the day, the event, and its fields in their order. */
function toLogLine(level: string, { event, day, account: _, run: __, ...fields }: Entry): string {
  const time = new Date().toISOString().slice(11, 19);
  const told = Object.entries(fields).map(([name, value]) => `${name}=${toJsonText(value)}`);
  return [time, ...(level === 'info' ? [] : [level]), day, event, ...told].filter(Boolean).join(' ');
}
