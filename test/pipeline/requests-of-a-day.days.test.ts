import { expect, test } from 'vitest';
import { CHANNELS } from '../../functions/chat/channel.ts';
import { addDays } from '../../functions/time/report-day.ts';
import { memoryLake } from '../on-demand/pages/memory-lake.ts';
import { DAY, oneMachine } from './one-machine.ts';

const PAGE = 500;

test.each([300, 700, 7_000])('asks little more often than %i chats a day fill answers', async (chats) => {
  const machine = await oneMachine({ chats }, {}, undefined, memoryLake());
  const { seen } = machine.simulator;
  let before = 0;
  const requestsOf = async (day: string) => {
    const outcome = await machine.report(day);
    const entries = seen.entries.slice(before);
    before = seen.entries.length;
    return CHANNELS.map((channel) => ({
      pages: Math.ceil((outcome.summary?.byChannel[channel]?.chats ?? 0) / PAGE),
      requests: entries.filter((entry) => entry.channel === channel).length,
    }));
  };
  for (const { pages, requests } of await requestsOf(addDays(DAY, -1))) {
    expect(requests).toBeLessThanOrEqual(pages === 1 ? 5 : Math.ceil(2.3 * pages) + 5);
  }
  // The hours are known from the day before.
  for (const { pages, requests } of await requestsOf(DAY)) {
    expect(requests).toBeLessThanOrEqual(pages === 1 ? 5 : Math.ceil(1.7 * pages) + 5);
  }
});
