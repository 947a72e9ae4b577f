import { describe, expect, test, vi } from 'vitest';
import { jsonLines } from '../../bin/terminal-log.ts';
import { powertools } from '../../functions/app/lambda-handler.lambda.ts';
import { type LogEvent, type LogSink, openLog } from '../../functions/observability/log.ts';

/** What one event becomes, of the command line and on AWS. */
const SINKS: Readonly<Record<string, (event: LogEvent) => string>> = {
  'the command line': (event) => {
    let said = '';
    openLog(
      jsonLines((line) => {
        said += line;
      }),
    )(event);
    return said;
  },
  AWS: (event) => saidOnAws(powertools(), event),
};

function saidOnAws(sink: LogSink, event: LogEvent): string {
  let said = '';
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  try {
    openLog(sink)(event);
    return said;
  } finally {
    stderr.mockRestore();
  }
}

describe.each(Object.entries(SINKS))('a line of the log of %s', (_where, say) => {
  test.each([
    ['half of a pair', 'Kh\ud83dách', 'Kh\ufffdách'],
    ['halves the wrong way round, in a long text', 'a\ude00\ud83d'.repeat(30), 'a\ufffd\ufffd'.repeat(30)],
    ['a pair', '😀', '😀'],
    ['what looks like the escape of a half', '\\ud83d', '\\ud83d'],
    ['quotes and lines', '"\r\n\u0000\u2028', '"\r\n\u0000\u2028'],
  ])('is JSON for any reader where a problem has %s', (_case, problem, read) => {
    const line = say({ event: 'run-broke', problem });
    expect(line).toMatch(/^\{[^\n]*\}\n$/);
    expect(line.isWellFormed()).toBe(true);
    expect(JSON.parse(line)).toMatchObject({ problem: read });
  });
});
