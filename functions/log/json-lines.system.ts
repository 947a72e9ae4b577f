import pino from 'pino';
import type { LogSink } from './log.ts';

/** One JSON object a line on stderr, written before the call returns: a process that is killed has said it. */
export function jsonLines(): LogSink {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    pino.destination({ dest: 2, sync: true }),
  );
  return (level, entry) => logger[level](entry);
}
