import pino from 'pino';
import {
  type Log,
  type LogContext,
  type LogEvent,
  type LogSink,
  openLog,
} from '../functions/observability/log.ts';
import { toStrictJson } from '../functions/text/json.ts';
import type { Terminal } from './terminal.ts';

/** One JSON object a line, handed on before the call returns: a process that is killed has said it. */
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
  /** Takes the line away that is drawn over itself, for what is to stay. */
  clear(): void;
}

/**
 * What is logged while a command works. For a person who watches, one line that is drawn over itself; otherwise JSON,
 * a line an event.
 */
export function openTerminalLog(
  terminal: Terminal,
  alsoTold: (entry: Entry) => void = () => {},
): TerminalLog {
  const write = tellingOnce(terminal.isWatched ? drawn(terminal) : jsonLines(terminal.err));
  const sink: LogSink = (level, entry) => {
    alsoTold(entry);
    write(level, entry);
  };
  return { log: openLog(sink), clear: () => terminal.isWatched && terminal.err(CLEAR_LINE) };
}

function drawn(terminal: Terminal): LogSink {
  return (_level, entry) => {
    const warning = toWarning(entry);
    if (warning !== null) terminal.err(`${CLEAR_LINE}${warning}\n`);
    const text = toProgress(entry);
    if (text !== null) terminal.err(`${CLEAR_LINE}${entry.day ?? ''} ${text}`);
  };
}

/** Each day of several meets the same file that cannot be read: that is said once. */
function tellingOnce(sink: LogSink): LogSink {
  const told = new Set<string>();
  return (level, entry) => {
    if (entry.event === 'file-unreadable') {
      if (told.has(entry.key)) return;
      told.add(entry.key);
    }
    sink(level, entry);
  };
}

/** What stays on the screen. */
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
      return `CareSoft ${entry.problem}; trying again (${entry.attempt})`;
    case 'lease-awaited':
      return 'another run is at work on this lake; waiting for it';
    default:
      return null;
  }
}
