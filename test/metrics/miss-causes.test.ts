import { describe, expect, test } from 'vitest';
import { readBusinessHours } from '../../functions/calendar/business-hours.ts';
import { openZone } from '../../functions/calendar/time-zone.ts';
import type { Chat } from '../../functions/chats/chat.ts';
import { MissReasonAccumulator } from '../../functions/metrics/miss-causes.ts';
import { fc } from '../property.ts';
import { anyChats, at, chat, measure } from './chats.ts';

const missed = (clock: string, changes: Partial<Chat> = {}) =>
  chat({ status: 'missed', startedAt: at(clock), ...changes });

/** A chat that an agent was in from one time to another. */
const served = (agent: string, from: string, to: string, changes: Partial<Chat> = {}) =>
  chat({
    agentEmail: `${agent}@x.vn`,
    startedAt: at(from),
    metAt: at(from),
    endedAt: at(to),
    ...changes,
  });

const DAY_START = at('00:00:00').epochSeconds;

/** Of the one chat that was missed. */
function causeOf(chats: readonly Chat[], hours: string | null = null, dayStart = DAY_START) {
  const accumulator = new MissReasonAccumulator(dayStart, hours === null ? null : readBusinessHours(hours));
  for (const one of chats) accumulator.add(one);
  const one = chats.find(({ status }) => status === 'missed');
  const cause = one && accumulator.reasonOf(one);
  const counted = Object.entries(accumulator.toCounts()).filter(([, count]) => count > 0);
  expect(counted).toEqual([[cause, 1]]);
  return cause;
}

describe('why a chat was probably missed', () => {
  test('is that nobody was there, where it began out of hours, whatever else there is to say', () => {
    const others = [served('a', '07:50:00', '08:10:00')];
    expect(causeOf([missed('07:59:59', { waitSeconds: 5 }), ...others], 'Sat 08:00-12:00')).toBe(
      'outOfHours',
    );
    expect(causeOf([missed('08:00:00', { waitSeconds: 5 }), ...others], 'Sat 08:00-12:00')).toBe(
      'agentsBusy',
    );
    expect(causeOf([missed('03:00:00')])).toBe('unknown');
  });

  test('is that each agent of that hour was in a chat in that minute', () => {
    const [early, late] = [served('a', '09:00:00', '09:20:00'), served('b', '09:15:30', '09:40:00')];
    expect(causeOf([missed('09:15:00'), early, late])).toBe('agentsBusy');
    expect(causeOf([missed('09:20:59'), early, late])).toBe('agentsBusy');
    expect(causeOf([missed('09:14:59'), early, late])).toBe('unknown');
    expect(causeOf([missed('09:21:00'), early, late])).toBe('unknown');
  });

  test('looks at no agent of another hour', () => {
    const [before, during] = [served('a', '08:00:00', '08:59:59'), served('b', '09:00:00', '09:30:00')];
    expect(causeOf([missed('09:10:00'), before, during])).toBe('agentsBusy');
    expect(causeOf([missed('09:10:00'), served('a', '08:00:00', '09:00:00'), during])).toBe('unknown');
  });

  test('takes one chat after another of an agent for one time', () => {
    const chats = [served('a', '09:00:00', '09:10:00'), served('a', '09:11:00', '09:30:00')];
    expect(causeOf([missed('09:10:30'), ...chats])).toBe('agentsBusy');
    expect(causeOf([missed('09:31:00'), ...chats])).toBe('unknown');
  });

  test('is not that agents were busy where nobody knows when, or nobody was there', () => {
    const busy = served('a', '09:00:00', '09:30:00');
    for (const times of [
      { metAt: null },
      { endedAt: null },
      { metAt: null, endedAt: null },
      // It ended before it was met, or was met before it began.
      { endedAt: at('08:59:59') },
      { metAt: at('08:59:59') },
    ]) {
      const unclear = served('b', '09:05:00', '09:30:00', { ...times, startedAt: at('09:05:00') });
      expect(causeOf([missed('09:10:00'), busy, unclear])).toBe('unknown');
      expect(causeOf([missed('10:10:00'), served('a', '10:00:00', '10:30:00'), unclear])).toBe('agentsBusy');
    }
    expect(causeOf([missed('09:10:00')])).toBe('unknown');
    expect(causeOf([missed('09:10:00'), served('', '09:00:00', '09:30:00', { agentEmail: null })])).toBe(
      'unknown',
    );
    expect(causeOf([missed('09:10:00'), { ...busy, status: 'other' }])).toBe('unknown');
  });

  test('is that they left within ten seconds, where none of that holds; zero is no wait that is known', () => {
    const cause = (waitSeconds: number | null) => causeOf([missed('09:00:00', { waitSeconds })]);
    expect([1, 10].map(cause)).toEqual(['leftEarly', 'leftEarly']);
    expect([0, 11, null].map(cause)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  test('is found too where an agent was in a chat over midnight', () => {
    const overMidnight = served('a', '23:50:00', '00:20:00', { endedAt: at('00:20:00', '2026-11-22') });
    expect(causeOf([missed('23:59:59'), overMidnight])).toBe('agentsBusy');
    const metTomorrow = { metAt: at('00:01:00', '2026-11-22'), endedAt: at('00:20:00', '2026-11-22') };
    expect(causeOf([missed('23:59:59'), served('a', '23:58:00', '23:58:00', metTomorrow)])).toBe('unknown');
  });

  test.each([
    ['2026-11-01', 25],
    ['2026-03-08', 23],
  ])('is found in the last minute of %s, which has %i hours', (day, hours) => {
    const zone = openZone('America/New_York');
    const moment = (clock: string, on = day) => zone.fromWall(at(clock, on).wallSeconds);
    const start = moment('00:00:00').epochSeconds;
    const startedAt = moment('23:59:30');
    expect(startedAt.epochSeconds - start).toBe(hours * 3_600 - 30);
    const next = day === '2026-11-01' ? '2026-11-02' : '2026-03-09';
    const own = { startedAt: moment('23:50:00'), endedAt: moment('00:30:00', next) };
    const met = served('a', '00:00:00', '00:00:00', { ...own, metAt: moment('23:51:00') });
    const metTomorrow = served('a', '00:00:00', '00:00:00', { ...own, metAt: moment('00:00:00', next) });
    expect(causeOf([missed('00:00:00', { startedAt }), met], null, start)).toBe('agentsBusy');
    expect(causeOf([missed('00:00:00', { startedAt }), metTomorrow], null, start)).toBe('unknown');
  });

  test('is one for each missed chat, and the same in whatever order the chats come', async () => {
    const hours = fc.constantFrom(null, 'Mon-Fri 08:00-18:00, Sat 09:00-15:30');
    const orders = anyChats.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    await fc.assert(
      fc.asyncProperty(orders, hours, async ([all, shuffled], businessHours) => {
        const { missCauses, totals, businessHours: found } = await measure(all, { businessHours });
        const { outOfHours, agentsBusy, leftEarly, unknown } = missCauses;
        expect(outOfHours + agentsBusy + leftEarly + unknown).toBe(totals.missed);
        expect(outOfHours).toBe(found?.outside.missed ?? 0);
        expect((await measure(shuffled, { businessHours })).missCauses).toEqual(missCauses);
      }),
    );
  });

  test('of a callback is that of the last missed chat, and counted among the causes', async () => {
    const id = { customerId: '1' };
    const { callbacks, missCauses } = await measure([
      missed('08:00:00', { ...id, waitSeconds: 300 }),
      missed('09:00:00', { ...id, waitSeconds: 4 }),
    ]);
    expect(callbacks).toMatchObject([{ cause: 'leftEarly' }]);
    expect(missCauses).toEqual({ outOfHours: 0, agentsBusy: 0, leftEarly: 1, unknown: 1 });
  });
});
