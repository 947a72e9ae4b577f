import { jsonLines } from '../functions/log/json-lines.system.ts';
import { type Log, type LogEvent, type LogSink, openLog } from '../functions/log/log.ts';
import type { Terminal } from './terminal.ts';

const CLEAR_LINE = '\r\u001B[2K';

/**
 * What is logged while a command works. For a person who watches, one line that is drawn over itself; otherwise JSON,
 * a line an event.
 */
export function openTerminalLog(terminal: Terminal): { log: Log; clear(): void } {
  if (!terminal.isWatched) return { log: openLog(jsonLines()), clear: () => {} };
  const sink: LogSink = (_level, entry) => {
    const text = toProgress(entry);
    if (text !== null) terminal.err(`${CLEAR_LINE}${entry.day ?? ''} ${text}`);
  };
  return { log: openLog(sink), clear: () => terminal.err(CLEAR_LINE) };
}

function toProgress(entry: LogEvent): string | null {
  switch (entry.event) {
    case 'page-kept': {
      const { channel, rows, numFound, walk } = entry;
      return `${channel}: ${rows} of ${numFound} chats${walk > 1 ? `, walk ${walk}` : ''}`;
    }
    case 'request-repeated':
      return `CareSoft ${entry.problem}; trying again (${entry.attempt})`;
    case 'lease-awaited':
      return 'another run is at work on this lake; waiting for it';
    default:
      return null;
  }
}
