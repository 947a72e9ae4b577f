import { describe, expect, test } from 'vitest';
import type { LogContext, LogEvent } from '../../functions/observability/log.ts';
import { METRIC_UNITS, type Measurement, measurementsOf } from '../../functions/observability/metrics.ts';

const byName = (event: LogContext & LogEvent) =>
  Object.fromEntries(measurementsOf(event).map(({ name, value }) => [name, value]));

describe('what the log adds to the metrics', () => {
  test('counts a page', () => {
    const page = { event: 'page-kept', channel: 'zalo', rows: 500, numFound: 700 } as const;
    expect(byName({ ...page, page: 1 })).toEqual({ Pages: 1, Walks: 1 });
    expect(byName({ ...page, page: 2 })).toEqual({ Pages: 1 });
  });

  test('counts a 429 as a retry and as a 429', () => {
    const retry = { event: 'request-repeated', attempt: 1, problem: 'HTTP 500', isThrottled: false } as const;
    expect(byName(retry)).toEqual({ Retries: 1 });
    expect(byName({ ...retry, isThrottled: true })).toEqual({ Retries: 1, Throttled: 1 });
  });

  test('gives a rate in percent, and none where there is none', () => {
    const day = { event: 'day-published', chats: 8, callbacks: 2, freshnessSeconds: 60 } as const;
    expect(byName({ ...day, missedRate: 0.25 })).toMatchObject({ MissedRate: 25, Chats: 8, Callbacks: 2 });
    expect(byName({ ...day, missedRate: null })).not.toHaveProperty('MissedRate');
  });

  test.each([
    ['reported', { RunsReported: 1, RunsUnproven: 0, RunsFailed: 0, RunSeconds: 1.5 }],
    ['unproven', { RunsReported: 0, RunsUnproven: 1, RunsFailed: 0, RunSeconds: 1.5 }],
    ['failed', { RunsReported: 0, RunsUnproven: 0, RunsFailed: 1, RunSeconds: 1.5 }],
  ] as const)('tells a run that %s', (state, expected) => {
    expect(byName({ event: 'run-ended', state, ms: 1_500 })).toEqual(expected);
  });

  test('leaves out how a run without mails ends, and tells what is of the whole account', () => {
    const about = { isUnmailed: true } as const;
    const captured = { event: 'channel-captured', channel: 'zalo', rows: 0, verdict: 'unproven' } as const;
    for (const state of ['unproven', 'failed', 'reported'] as const) {
      expect(byName({ ...about, event: 'run-ended', state, ms: 1 })).toEqual({});
    }
    expect(byName({ ...about, event: 'run-ended', state: 'failed', ms: 1, only: ['zalo'] })).toEqual({});
    expect(byName({ ...about, event: 'lake-refused', problem: '' })).toEqual({});
    expect(byName({ ...about, event: 'channel-silent', channel: 'zalo', since: null })).toEqual({});
    expect(byName({ ...about, ...captured, reason: 'banned' })).toMatchObject({ Bans: 1 });
    expect(byName({ ...about, event: 'announcement-failed', to: 'x', problem: '' })).toEqual({
      AnnouncementsFailed: 1,
    });
  });

  test('tells a ban, a refused token and an unread secret of the account, not of a channel', () => {
    const captured = { event: 'channel-captured', channel: 'zalo', rows: 0 } as const;
    const of = (reason: string): Measurement[] =>
      measurementsOf({ ...captured, verdict: 'unproven', reason }).filter(({ value }) => value > 0);
    expect(of('banned')).toEqual([{ name: 'Bans', value: 1 }]);
    expect(of('token-refused')).toEqual([{ name: 'TokensRefused', value: 1 }]);
    expect(of('secret-unreadable')).toEqual([{ name: 'SecretsUnreadable', value: 1 }]);
    expect(of('unavailable')).toEqual([]);
    expect(measurementsOf({ ...captured, verdict: 'proven' }).map(({ value }) => value)).toEqual([0, 0, 0]);
  });

  test.each([
    ['there', 0],
    ['run-started', 0],
    ['run-at-work', 1],
    ['start-failed', 1],
    ['missing', 1],
  ] as const)('has a value of each check: a report that is %s is %d', (outcome, value) => {
    expect(byName({ event: 'report-awaited', outcome })).toEqual({ ReportsMissing: value });
  });

  test('has each of its metrics from some event', () => {
    const events: LogEvent[] = [
      { event: 'page-kept', channel: 'zalo', page: 1, rows: 1, numFound: 1 },
      { event: 'request-repeated', attempt: 1, problem: '', isThrottled: true },
      { event: 'channel-captured', channel: 'zalo', verdict: 'proven', rows: 1 },
      { event: 'channel-measured', channel: 'zalo', chats: 1, missedRate: 0 },
      { event: 'channel-silent', channel: 'zalo', since: null },
      { event: 'day-published', chats: 1, missedRate: 0, callbacks: 0, freshnessSeconds: 1 },
      { event: 'run-ended', state: 'reported', ms: 1 },
      { event: 'mail-sent', recipient: 1 },
      { event: 'mail-failed', recipient: 1, problem: '' },
      { event: 'announcement-failed', to: 'eventbridge', problem: '' },
      { event: 'today-unread', channel: 'zalo', problem: '' },
      { event: 'report-awaited', outcome: 'there' },
    ];
    const names = events.flatMap((event) => measurementsOf(event).map(({ name }) => name));
    expect(new Set(names)).toEqual(new Set(Object.keys(METRIC_UNITS)));
  });
});
