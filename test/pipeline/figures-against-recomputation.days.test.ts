import { describe, expect, test } from 'vitest';
import type { Channel } from '../../functions/chats/channel.ts';
import type { SimulatorOptions } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { expectSame, recomputed } from './against-recomputation.ts';
import { DAY, oneMachine } from './one-machine.ts';
import { DAY_AFTER, returningCustomers } from './returning-customers.ts';
import { sharedContacts } from './shared-contacts.ts';

const full = { CONTACTS: 'full' };
/** Where the lake lies tells no figure. */
const inMemory = (simulated: SimulatorOptions, settings: Readonly<Record<string, string>>) =>
  oneMachine(simulated, settings, undefined, memoryLake());
/** Enough for every kind of row, several times; an ordinary day and full pages are tried beside it. */
const chats = 120;
const sizes = (livechat: number, messenger: number, zalo: number): Record<Channel, number> => ({
  livechat,
  messenger,
  zalo,
});

describe('the figures equal a separate recomputation', () => {
  test.each<[string, SimulatorOptions, string]>([
    ['for an ordinary day', { seed: 7 }, DAY],
    ['for another company', { seed: 11, chats: 250 }, DAY],
    ['for a day without a chat', { chats: 0 }, DAY],
    ['for one chat', { chats: 1 }, DAY],
    ['for exactly a page, two pages, and one row more', { chatsByChannel: sizes(500, 1_000, 501) }, DAY],
    ['for one row less than a page', { chatsByChannel: sizes(499, 1, 1) }, DAY],
    ['for a leap day', { seed: 3, chats }, '2024-02-29'],
    [
      'for rows with everything wrong that can be',
      { seed: 5, chats: 250, faults: [{ name: 'hostile' }] },
      DAY,
    ],
    ['for ids that stand on several rows', { chats: 250, faults: [{ name: 'repeat-ids' }] }, DAY],
    [
      'for hostile rows in small pages',
      { seed: 5, chats: 250, faults: [{ name: 'hostile' }, { name: 'cap', rows: 30 }] },
      DAY,
    ],
  ])('%s', async (_title, simulated, day) => {
    const machine = await inMemory(simulated, full);
    const outcome = await machine.report(day);
    expectSame(outcome, recomputed(machine, day));
  });

  test('whichever end the rows come from', async () => {
    const machine = await inMemory(
      {
        seed: 5,
        chats: 250,
        faults: [{ name: 'oldest-first' }, { name: 'repeat-ids' }, { name: 'hostile' }],
      },
      full,
    );
    expectSame(await machine.report(), recomputed(machine, DAY));
  });

  test.each(['2026-03-08', '2026-11-01'])('on %s, when the clocks of New York change', async (day) => {
    const timeZone = 'America/New_York';
    // Both are Sundays.
    const businessHours = 'Sun 02:30-20:00';
    const machine = await inMemory(
      { timeZone, chats },
      { ...full, TIME_ZONE: timeZone, BUSINESS_HOURS: businessHours },
    );
    expectSame(await machine.report(day), recomputed(machine, day, { timeZone, businessHours }));
  });

  test('for an account whose CareSoft speaks UTC', async () => {
    const machine = await inMemory({ chats, faults: [{ name: 'utc' }] }, { ...full, CARESOFT_CLOCK: 'utc' });
    expectSame(await machine.report(), recomputed(machine, DAY, { clock: 'utc' }));
  });

  test('with another service level', async () => {
    const machine = await inMemory({ chats }, { ...full, SERVICE_LEVEL_SECONDS: '20' });
    expectSame(await machine.report(), recomputed(machine, DAY, { serviceLevelSeconds: 20 }));
  });

  test.each<[string, SimulatorOptions, string]>([
    ['with hours of business', { chats }, 'Mon-Thu 08:00-21:00, Fri 08:30-12:00 13:30-17:00'],
    [
      'with hours of business over midnight, for hostile rows',
      { seed: 5, chats: 250, faults: [{ name: 'hostile' }] },
      'Thu-Sat 19:00-09:15',
    ],
  ])('%s', async (_title, simulated, businessHours) => {
    const machine = await inMemory(simulated, { ...full, BUSINESS_HOURS: businessHours });
    const outcome = await machine.report();
    expectSame(outcome, recomputed(machine, DAY, { businessHours }));
    for (const part of [outcome.summary?.businessHours?.inside, outcome.summary?.businessHours?.outside]) {
      expect(part?.missed).toBeGreaterThan(0);
    }
  });

  test('with other hours in which customers can be answered', async () => {
    const machine = await inMemory({ chats }, { ...full, REPLY_HOURS: 'zalo=168,livechat=1' });
    const replyHours = { zalo: 168, livechat: 1 };
    expectSame(await machine.report(), recomputed(machine, DAY, { replyHours }));
  });

  test.each([
    ['', returningCustomers],
    [', of customers who share what they are known by', sharedContacts],
  ])('of the day after a day, which follows up whom that one named%s', async (_of, customers) => {
    const settings = { ...full, LOOK_BACK: 'none' };
    const machine = await inMemory(await customers({ chats: 500 }), settings);
    const first = await machine.report();
    const { callbacks } = recomputed(machine, DAY);
    if (first.summary === null) expect.unreachable();
    const outcome = await machine.report(DAY_AFTER);
    const before = { day: DAY, generatedAt: first.summary.generatedAt, callbacks };
    expectSame(outcome, recomputed(machine, DAY_AFTER, { before }));
    const { answered, missedAgain, silent, unrecognizable } =
      outcome.summary?.followUp ?? expect.unreachable();
    const parts = [answered, missedAgain, silent, unrecognizable];
    expect(Math.min(...parts), parts.join()).toBeGreaterThan(0);
  });
});
