import { describe, expect, test } from 'vitest';
import { RateLimiter } from '../../../functions/sources/caresoft/rate-limiter.ts';
import {
  LockedOutError,
  RefusedError,
  ThrottledError,
  TokenRefusedError,
  UnavailableError,
} from '../../../functions/sources/source.ts';
import { leapingClock } from '../../hand-clock.ts';
import { fc } from '../../property.ts';

function open(requestsPerSecond = 6) {
  const clock = leapingClock();
  const retryPolicy = { pauseMs: 1_000, longestWaitMs: 60_000 };
  const sentAt: number[] = [];
  const rateLimiter = new RateLimiter({ requestsPerSecond, clock, retryPolicy });
  const send = (outcome: Error | null) =>
    rateLimiter
      .run(async () => {
        sentAt.push(clock.now());
        if (outcome) throw outcome;
        return 'answered';
      })
      .catch((error: unknown) => error);
  return { rateLimiter, send, sentAt, clock };
}

const throttled = (retryAfterMs: number | null = null) =>
  new ThrottledError('too many requests', retryAfterMs);

describe('the request budget', () => {
  test('never sends more in any second than it may, however many ask at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 15 }),
        fc.integer({ min: 1, max: 60 }),
        async (rate, requests) => {
          const { send, sentAt } = open(rate);
          await Promise.all(Array.from({ length: requests }, () => send(null)));
          expect(sentAt).toHaveLength(requests);
          for (const [index, from] of sentAt.entries()) {
            expect((sentAt[index + rate] ?? Number.POSITIVE_INFINITY) - from).toBeGreaterThan(1_000);
          }
        },
      ),
    );
  });

  test('waits after a 429, twice as long after each further one, and as long as it is told', async () => {
    const { send, sentAt } = open();
    for (const outcome of [throttled(), throttled(), null, throttled(30_000), null]) await send(outcome);
    const waits = sentAt.slice(1).map((at, index) => Math.round((at - (sentAt[index] ?? 0)) / 100) / 10);
    expect(waits).toEqual([1, 2, 0.2, 30]);
  });

  test('slows down for good after three 429s in a row', async () => {
    const { send, sentAt } = open();
    for (const outcome of [throttled(), throttled(), throttled(), null, null, null]) await send(outcome);
    const [before = 0, after = 0] = sentAt.slice(-2);
    expect(after - before).toBeCloseTo(4 * (1_100 / 6), 0);
  });

  test('slows down once, however often it is told', async () => {
    const { send, sentAt } = open();
    for (let streak = 0; streak < 5; streak += 1) {
      for (const outcome of [throttled(), throttled(), throttled(), null]) await send(outcome);
    }
    await send(null);
    const [before = 0, after = 0] = sentAt.slice(-2);
    expect(after - before).toBeCloseTo(4 * (1_100 / 6), 0);
  });

  test('sends again once a lockout is over', async () => {
    const { send, clock } = open();
    await send(new LockedOutError('locked out', 900_000));
    expect(await send(null)).toBeInstanceOf(LockedOutError);
    await clock.sleep(900_000);
    expect(await send(null)).toBe('answered');
  });

  test('stops all calls after ten 429s in a row, and not after nine', async () => {
    const { rateLimiter, send, sentAt } = open();
    for (let turn = 0; turn < 9; turn += 1) await send(throttled());
    await send(null);
    for (let turn = 0; turn < 9; turn += 1) await send(throttled());
    expect(rateLimiter.isClosed).toBe(false);
    await send(throttled());
    expect(await send(null)).toBeInstanceOf(ThrottledError);
    expect(sentAt).toHaveLength(20);
  });

  test.each([
    new LockedOutError('locked out', 900_000),
    new TokenRefusedError('refused'),
    new RefusedError('HTTP 404: Domain incorrect', { isOfAccount: true }),
  ])('sends nothing more after a $name', async (error) => {
    const { send, sentAt } = open();
    const answers = await Promise.all([send(error), send(null), send(null), send(null)]);
    expect(answers.slice(1)).toEqual([error, error, error]);
    expect(sentAt).toHaveLength(1);
  });

  test('goes on after what may pass', async () => {
    const { send } = open();
    expect(await send(new UnavailableError('HTTP 500'))).toBeInstanceOf(UnavailableError);
    expect(await send(null)).toBe('answered');
  });

  test('sends nothing for somebody who is told to wait longer than there is patience', async () => {
    const { send, sentAt } = open();
    await send(throttled(3_600_000));
    expect(await send(null)).toMatchObject({ name: 'ThrottledError', retryAfterMs: 3_600_000 });
    expect(sentAt).toHaveLength(1);
  });

  test('sends nothing for somebody who no longer wants it', async () => {
    const { rateLimiter } = open();
    await expect(rateLimiter.run(async () => 'sent', AbortSignal.abort('enough'))).rejects.toBe('enough');
  });
});
