import pino from 'pino';
import type { LogSink } from './log.ts';

/** One JSON object a line, handed on before the call returns: a process that is killed has said it. */
export function jsonLines(write: (line: string) => void): LogSink {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    { write },
  );
  return (level, entry) => logger[level](entry);
}
