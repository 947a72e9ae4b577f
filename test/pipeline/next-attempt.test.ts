import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openZone } from '../../functions/calendar/time-zone.ts';
import {
  type ChannelCoverage,
  NOTHING_READ,
  toCoverage,
  type UnprovenReason,
} from '../../functions/capture/coverage.ts';
import {
  BUSY_SECONDS,
  EXECUTION,
  LATEST_ATTEMPT_MS,
  LONGEST_RUN_MS,
  REPEATABLE,
  SCHEDULED,
  WORK_MS,
} from '../../functions/pipeline/durable.ts';
import { hasMoreThan, nextAttemptAt, toNextAttempt } from '../../functions/pipeline/next-attempt.ts';
import { DAY } from './one-machine.ts';

const FIRST = Date.parse('2026-11-20T23:10:00.500Z');
const MINUTE = 60_000;

const missing = (reason: UnprovenReason, notBefore?: string): ChannelCoverage => ({
  ...NOTHING_READ,
  reason,
  ...(notBefore && { notBefore }),
});
const proven: ChannelCoverage = { ...NOTHING_READ, verdict: 'proven', unique: 3, rows: 3 };

/** In minutes after the first mail. */
function nextAfter(minutes: number, channels: Parameters<typeof toCoverage>[0]): number | null {
  const at = nextAttemptAt(toCoverage(channels), FIRST, FIRST + minutes * MINUTE, SCHEDULED);
  return at === null ? null : (at - FIRST) / MINUTE;
}

describe('the next try', () => {
  test.each([
    [0, 15],
    [14.9, 15],
    [15, 60],
    [61, 180],
    [180, 360],
    [360, null],
  ])('at a channel that did not answer %d minutes after the first mail is %o after it', (now, next) => {
    expect(nextAfter(now, { zalo: missing('unavailable'), livechat: proven })).toBe(next);
  });

  test.each(['refused', 'token-refused', 'raw-damaged'] as const)('is none where all is %s', (reason) => {
    expect(nextAfter(0, { zalo: missing(reason), livechat: proven })).toBeNull();
    expect(nextAfter(0, { zalo: missing(reason), livechat: missing('throttled') })).toBe(15);
  });

  test('comes a minute after a lockout, whichever channel met it', () => {
    const until = (minutes: number) => new Date(FIRST + minutes * MINUTE).toISOString();
    expect(nextAfter(0, { zalo: missing('banned', until(59)), livechat: missing('unavailable') })).toBe(60);
    expect(nextAfter(0, { zalo: missing('banned', until(59.1)) })).toBe(180);
    expect(nextAfter(0, { zalo: missing('throttled', until(360)) })).toBeNull();
  });

  test('is none of a day that is whole', () => {
    expect(nextAfter(0, { zalo: proven })).toBeNull();
  });

  test.each([
    ['2026-11-21T06:10:00+07:00', 'next-run'],
    // The seventh day after it, and the one after that.
    ['2026-11-27T23:59:59+07:00', 'next-run'],
    ['2026-11-28T00:00:00+07:00', null],
  ])('that no run makes itself is told at %s as %s', (now, told) => {
    const account = { reading: { zone: openZone('Asia/Ho_Chi_Minh') } } as Parameters<
      typeof toNextAttempt
    >[3];
    expect(toNextAttempt(null, DAY, Date.parse(now), account)).toBe(told);
    expect(toNextAttempt(FIRST, DAY, Date.parse(now), account)).toEqual({ at: '2026-11-20T23:10:00.500Z' });
  });
});

test('what was proven before is no news', () => {
  const before = toCoverage({ livechat: proven, zalo: missing('unavailable') });
  expect(hasMoreThan(before, before)).toBe(false);
  expect(hasMoreThan(toCoverage({ livechat: missing('count-changed') }), before)).toBe(false);
  expect(hasMoreThan(toCoverage({ livechat: missing('count-changed'), zalo: proven }), before)).toBe(true);
});

describe('the documents say of an execution', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/architecture.md'), 'utf8');
  const said = text.replaceAll(/\s+/g, ' ');
  const inWords = (ms: number): string => {
    const [of, unit] = (
      [
        [3_600_000, 'hour'],
        [60_000, 'minute'],
        [1_000, 'second'],
      ] as const
    ).find(([length]) => ms % length === 0) ?? [1, 'ms'];
    return `${ms / of} ${unit}${ms === of ? '' : 's'}`;
  };
  const { pieceMs, attempts, waitSeconds, mostWaitSeconds, attemptsAfterSeconds } = SCHEDULED;
  const later = attemptsAfterSeconds.map((seconds) => inWords(seconds * 1_000));

  test.each([
    `| an execution | ${EXECUTION.hours} hours |`,
    `| the start of an attempt or a mail | ${inWords(LATEST_ATTEMPT_MS)} after`,
    `| a record that says \`running\` | ${inWords(LONGEST_RUN_MS)} |`,
    `| an invocation, from a wait to the next one | ${EXECUTION.invocationMinutes} minutes |`,
    `| a step of a capture | ${inWords(pieceMs)} |`,
    `| repairs of earlier days before the mail | ${inWords(WORK_MS.repairsBeforeMail)} |`,
    `| reading today's chats before the mail | ${inWords(WORK_MS.openChats)} |`,
    `| deriving days of an earlier version again | ${inWords(WORK_MS.upgrade)} |`,
    `| telling listeners of changes, in one step | ${inWords(WORK_MS.notifyChanges)} |`,
    `${REPEATABLE.attempts - 1} times, the first time after ${inWords(REPEATABLE.firstDelaySeconds * 1_000)}.`,
    `${attempts - 1} times before the mail, after ${inWords(waitSeconds * 1_000)} each`,
    `after ${later.slice(0, -1).join(', ')} and ${later.at(-1)} |`,
    `| the lease of another run | every ${inWords(BUSY_SECONDS * 1_000)} |`,
    `waits of ${inWords(mostWaitSeconds * 1_000)}, all channels`,
    `for ${EXECUTION.keptDays} days after its end`,
  ])('%s', (sentence) => {
    expect(said).toContain(sentence);
  });
});

test('the last try lies within what a run may take, and that within what it is given', () => {
  const { mostWaitSeconds, attemptsAfterSeconds } = SCHEDULED;
  expect((mostWaitSeconds + Math.max(...attemptsAfterSeconds)) * 1_000).toBeLessThan(LATEST_ATTEMPT_MS);
  expect(LATEST_ATTEMPT_MS).toBeLessThan(LONGEST_RUN_MS);
});
