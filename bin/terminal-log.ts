import pino from 'pino';
import {
  type Log,
  type LogContext,
  type LogEvent,
  type LogSink,
  openLog,
} from '../functions/observability/log.ts';
import { VENDOR } from '../functions/sources/vendor.ts';
import { toStrictJson } from '../functions/text/json.ts';
import type { Terminal } from './terminal.ts';

/** Writes one JSON object a line. The line is out before the call returns, so that a killed process loses none. */
export function jsonLines(write: (line: string) => void): LogSink {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    { write: (line: string) => write(`${toStrictJson(line.trimEnd())}\n`) },
  );
  return (level, entry) => logger[level](entry);
}

type Entry = LogContext & LogEvent;

const CLEAR_LINE = '\r\u001B[2K';

export interface TerminalLog {
  readonly log: Log;
  /** Removes the line of progress, before a line that stays. */
  clear(): void;
}

/**
 * The log of a command at work. For a person who watches it is one line of progress; otherwise it is JSON, a line an event.
 *
 * @param observe gets each entry, too
 */
export function openTerminalLog(terminal: Terminal, observe: (entry: Entry) => void = () => {}): TerminalLog {
  const write = withoutRepeats(terminal.isWatched ? progressLine(terminal) : jsonLines(terminal.err));
  const sink: LogSink = (level, entry) => {
    observe(entry);
    write(level, entry);
  };
  return { log: openLog(sink), clear: () => terminal.isWatched && terminal.err(CLEAR_LINE) };
}

function progressLine(terminal: Terminal): LogSink {
  return (_level, entry) => {
    const warning = toWarning(entry);
    if (warning !== null) terminal.err(`${CLEAR_LINE}${warning}\n`);
    const text = toProgress(entry);
    if (text !== null) terminal.err(`${CLEAR_LINE}${entry.day ?? ''} ${text}`);
  };
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

/** Text that stays on the screen. */
function toWarning(entry: Entry): string | null {
  return entry.event === 'file-unreadable' ? `${entry.key}: ${entry.problem}` : null;
}

function toProgress(entry: Entry): string | null {
  switch (entry.event) {
    case 'page-kept': {
      const { channel, rows, numFound } = entry;
      return `${channel}: ${rows} of ${numFound} chats`;
    }
    case 'request-repeated':
      return `${VENDOR} ${entry.problem}; trying again (${entry.attempt})`;
    case 'lease-awaited':
      return 'another run is at work on this lake; waiting for it';
    default:
      return null;
  }
}
