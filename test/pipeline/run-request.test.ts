import { describe, expect, test } from 'vitest';
import { dayBefore, readRunRequest, WrongRequestError } from '../../functions/pipeline/run-log.ts';
import { fc } from '../property.ts';

const demo = { account: 'demo', timeZone: 'Asia/Ho_Chi_Minh' };
const noon = Date.parse('2026-11-22T05:00:00Z');

describe('the run that an event asks for', () => {
  test('is of the day before the time the schedule was due, however late it comes', () => {
    const event = { scheduledTime: '2026-11-21T23:00:00Z' };
    const request = {
      run: 'demo-2026-11-21-1',
      day: '2026-11-21',
      channels: null,
      refresh: false,
      resend: false,
      deliver: true,
    };
    expect(readRunRequest(event, demo, noon)).toEqual(request);
    expect(readRunRequest(event, demo, noon + 3 * 86_400_000)).toEqual(request);
  });

  test.each([
    ['Asia/Ho_Chi_Minh', '2026-11-21T17:00:00Z', '2026-11-21'],
    ['Asia/Ho_Chi_Minh', '2026-11-21T16:59:59Z', '2026-11-20'],
    ['Asia/Ho_Chi_Minh', '2028-02-29T23:00:00Z', '2028-02-29'],
    // 06:00 in New York, the morning after clocks went forward and the one after they went back.
    ['America/New_York', '2026-03-08T10:00:00Z', '2026-03-07'],
    ['America/New_York', '2026-11-01T11:00:00Z', '2026-10-31'],
    ['UTC', '2026-01-01T00:00:00+00:00', '2025-12-31'],
  ])('in %s at %s is of %s', (timeZone, scheduledTime, day) => {
    expect(dayBefore(scheduledTime, timeZone)).toBe(day);
    expect(readRunRequest({ scheduledTime }, { account: 'a', timeZone }, noon)).toMatchObject({ day });
  });

  test('of a person is another try each time, unless they number it', () => {
    const asked = readRunRequest({ day: '2026-11-20' }, demo, noon);
    expect(asked).toMatchObject({ day: '2026-11-20', refresh: false, resend: false, deliver: true });
    const later = readRunRequest({ day: '2026-11-20' }, demo, noon + 1_000);
    const scheduled = readRunRequest({ scheduledTime: '2026-11-20T23:00:00Z' }, demo, noon);
    expect(new Set([asked.run, later.run, scheduled.run]).size).toBe(3);
    for (const { run } of [asked, later]) expect(run).toMatch(/^demo-2026-11-20-at-[a-z0-9]{6}$/);
    const again = { day: '2026-11-20', attempt: 2, refresh: true, resend: true };
    expect(readRunRequest(again, demo, noon)).toMatchObject({
      run: 'demo-2026-11-20-2',
      refresh: true,
      resend: true,
    });
  });

  test('has a name that AWS takes, and one request for ever', () => {
    const accounts = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,39}$/);
    const days = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2026-11-20'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(accounts, days, fc.integer({ min: 1, max: 999 }), (account, day, attempt) => {
        const ask = () => readRunRequest({ day, attempt }, { ...demo, account }, noon);
        expect(ask().run).toMatch(/^[A-Za-z0-9-_]{1,64}$/);
        expect(ask()).toEqual(ask());
      }),
    );
  });

  test.each([
    [{ day: '2026-11-22' }, 'day 2026-11-22 is not over yet'],
    [{ day: '2026-02-30' }, 'day is no day'],
    [{ day: '2026-11-20', attempt: 0 }, 'attempt'],
    [{ day: '2026-11-20', atempt: 2 }, 'atempt'],
    [{ day: 'x', attempt: 1.5, refresh: 'yes' }, /day .*; attempt .*; refresh /],
    [{}, 'day'],
    [{ scheduledTime: 'this morning' }, 'scheduledTime'],
    [null, 'event'],
    ['2026-11-20', 'event'],
  ])('is none in %j, which is said in words', (event, says) => {
    expect(() => readRunRequest(event, demo, noon)).toThrow(WrongRequestError);
    expect(() => readRunRequest(event, demo, noon)).toThrow(says);
  });
});
