import { describe, expect, it } from 'vitest';
import { CHANNELS, type Channel } from '../../../../functions/chats/channel.ts';
import { FAULTS } from '../../../../functions/sources/caresoft/simulator/fault.ts';
import type { Simulator } from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { ask } from './ask.ts';
import { startOne } from './start-one.ts';

const DAY = '2026-11-21';
const HOURS = 4;
const MOST_PAGES = 12;

/** Faults that need another way of asking than that of this test. */
const ASKED_OTHERWISE = ['utc', 'numfound-text'];

const typed = (form: string): string =>
  form
    .replace(/^limit:N/, 'limit:1000')
    .replace(/N$/, '20')
    .replace('MS', '1');
const honest = FAULTS.filter((fault) => fault.honest).flatMap(({ forms }) => forms.map(typed));
const wrong = FAULTS.filter((fault) => !fault.honest).flatMap(({ forms }) => forms);

/** All rows of a window, page by page, until nothing new comes. */
async function pagesOf(simulator: Simulator, channel: Channel, since: string, to: string): Promise<string[]> {
  const rows = new Set<string>();
  const code = { livechat: 0, messenger: 1, zalo: 3 }[channel];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const params = { conversation_type: code, start_time_since: since, start_time_to: to, page, count: 20 };
    const query = Object.entries(params).map(([name, value]) => `${name}=${value}`);
    const { status, text } = await ask(simulator, `/api/v1/chats?${query.join('&')}`);
    if (status === 500 && page > 1) return [...rows];
    const chats: unknown[] = Object.values(JSON.parse(text).chats ?? []);
    const before = rows.size;
    for (const row of chats) rows.add(JSON.stringify(row));
    if (rows.size === before) return [...rows];
  }
  return [...rows];
}

/** The rows of a day by windows of some hours, with a second of margin on either side. */
async function readDay(simulator: Simulator, channel: Channel): Promise<Set<string>> {
  const midnight = Date.parse(`${DAY}T00:00:00Z`);
  const bound = (at: number): string => new Date(at).toISOString().replace('.000', '');
  const rows = new Set<string>();
  for (let hour = 0; hour < 24; hour += HOURS) {
    const since = bound(midnight + hour * 3_600_000 - 1_000);
    const to = bound(midnight + (hour + HOURS) * 3_600_000);
    for (const row of await pagesOf(simulator, channel, since, to)) rows.add(row);
  }
  return rows;
}

/** What is held and did not come. */
async function lostBy(faults: readonly string[]): Promise<string[]> {
  const simulator = await startOne(faults, {
    chats: 0,
    chatsByChannel: { livechat: 8, messenger: 25, zalo: 12 },
  });
  const lost: string[] = [];
  for (const channel of CHANNELS) {
    const read = await readDay(simulator, channel);
    const held = simulator.rows(channel, DAY).map((row) => JSON.stringify(row));
    lost.push(...held.filter((row) => !read.has(row)));
  }
  return lost;
}

describe('an honest server gives every row to windows of some hours', () => {
  it.each(honest.filter((form) => !ASKED_OTHERWISE.includes(form)))('%s', async (form) => {
    expect(await lostBy([form])).toEqual([]);
  });

  it('with several faults at once', async () => {
    expect(
      await lostBy(['copies', 'cap:7', 'bounds-exclusive', 'chats-object', 'oldest-first', 'ties']),
    ).toEqual([]);
    expect(await lostBy(['no-times:5', 'short-pages', 'seconds-dropped', 'channel-ids'])).toEqual([]);
    expect(await lostBy(['third-status:3', 'dates-only', 'renamed-status', 'ignore:chat_status'])).toEqual(
      [],
    );
  });
});

it('parts all that is known into two', () => {
  expect(honest.length).toBeGreaterThanOrEqual(30);
  expect(wrong.length).toBeGreaterThanOrEqual(40);
});
