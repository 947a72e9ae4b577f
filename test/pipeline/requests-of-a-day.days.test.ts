import { expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import { captureDay } from '../../functions/pipeline/capture-day.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { DAY, oneMachine } from './one-machine.ts';

const PAGE = 500;

test.each([300, 700, 7_000])(
  'little more questions are asked than %i chats a day fill answers',
  async (chats) => {
    const machine = await oneMachine({ chats }, {}, undefined, memoryLake());
    const { account, context, ports } = machine.compose();
    const { seen } = machine.simulator;
    let before = 0;
    const capture = async (day: string) => {
      const { verdict, channels } = await captureDay({ day, since: null }, context, account, ports);
      expect(verdict).toBe('proven');
      const entries = seen.entries.slice(before);
      before = seen.entries.length;
      return Object.entries(channels).map(([channel, { rows }]) => ({
        pages: Math.ceil((rows + 1) / PAGE),
        requests: entries.filter((entry) => entry.channel === channel).length,
      }));
    };
    for (const { pages, requests } of await capture(addDays(DAY, -1))) {
      expect(requests).toBeLessThanOrEqual(pages === 1 ? 5 : Math.ceil(2.3 * pages) + 5);
    }
    // The hours are known from the day before.
    for (const { pages, requests } of await capture(DAY)) {
      expect(requests).toBeLessThanOrEqual(pages === 1 ? 5 : Math.ceil(1.7 * pages) + 5);
    }
  },
);
