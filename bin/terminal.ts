import { jsonLines } from '../functions/log/json-lines.system.ts';
import { type Log, type LogEvent, type LogSink, openLog } from '../functions/log/log.ts';
import type { Problem } from '../functions/settings.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** What a command can see and say. Results go to `out`; everything else goes to `err`. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: number;
  /** Whether a person watches `err`, so that a line may be drawn over and over. */
  readonly isWatched: boolean;
  out(text: string): void;
  err(text: string): void;
}

/** Says everything that is wrong at once. */
export function refuse(terminal: Terminal, problems: readonly Problem[]): ExitCode {
  const width = Math.max(...problems.map(({ of }) => of.length));
  const lines = problems.map(({ of, says }) => `  ${of.padEnd(width)}  ${says}`);
  terminal.err(`chat-report: nothing was done; please mend:\n${lines.join('\n')}\n`);
  return EXIT.wrongUsage;
}

/** An error in one line for a person, without a stack. */
export function inWords(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

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
