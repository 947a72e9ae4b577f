import pino from 'pino';
import { toStrictJson } from '../chat/write-json.ts';
import type { LogSink } from './log.ts';

/** One JSON object a line, handed on before the call returns: a process that is killed has said it. */
export function jsonLines(write: (line: string) => void): LogSink {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    { write: (line: string) => write(`${toStrictJson(line.trimEnd())}\n`) },
  );
  return (level, entry) => logger[level](entry);
}
