import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { ask, askChats, chatsPath, columnsOf, type Params } from './ask.ts';
import { startOne } from './start-one.ts';

const DAY = '2026-11-21';
const SMALL = { chats: 0, chatsByChannel: { messenger: 80, zalo: 5 } };

async function askOften(simulator: Simulator, requests: number, more: Params = {}) {
  const answers: Awaited<ReturnType<typeof askChats>>[] = [];
  for (let request = 0; request < requests; request += 1) {
    answers.push(await askChats(simulator, 'messenger', DAY, { count: 500, ...more }));
  }
  return answers;
}

describe('a swap', () => {
  it('leaves the count and takes a row, ever more rarely', async () => {
    const simulator = await startOne(['swap'], SMALL);
    const before = columnsOf(simulator, 'messenger', DAY).map((row) => row.conversation_id);
    const answers = await askOften(simulator, 9);
    expect(new Set(answers.map(({ numFound }) => numFound))).toEqual(new Set([80]));
    const changes = simulator.changes('messenger', DAY);
    expect(changes.map((change) => [change.before, change.what])).toEqual(
      [2, 4, 8].flatMap((request) => [
        [request, 'went'],
        [request, 'came'],
      ]),
    );
    const after = new Set(columnsOf(simulator, 'messenger', DAY).map((row) => row.conversation_id));
    expect(before.filter((id) => !after.has(id))).toHaveLength(3);
    expect(simulator.changes('zalo', DAY)).toEqual([]);
  });
});

describe('a moving day', () => {
  it('has rows come, go and change their status, the same ones for the same seed', async () => {
    const [one, other] = [await startOne(['moving'], SMALL), await startOne(['moving'], SMALL)];
    const answers = await askOften(one, 40);
    expect(await askOften(other, 40)).toEqual(answers);
    const kinds = one.changes('messenger', DAY).map(({ what }) => what);
    expect(new Set(kinds)).toEqual(new Set(['came', 'went', 'restated']));
    expect(kinds.length).toBeGreaterThan(10);
    expect(kinds.length).toBeLessThan(40);
    expect(one.changes('messenger', DAY)[0]?.before).toBe(2);
    const third = await startOne(['moving'], { ...SMALL, seed: 2 });
    await askOften(third, 40);
    expect(third.changes('messenger', DAY)).not.toEqual(one.changes('messenger', DAY));
  });

  it('rests after so many changes', async () => {
    const simulator = await startOne(['moving:3'], SMALL);
    await askOften(simulator, 30);
    expect(simulator.changes('messenger', DAY)).toHaveLength(3);
  });

  it('tells what it held when each request was answered', async () => {
    const simulator = await startOne(['moving', 'arriving:4', 'swap'], SMALL);
    const answers = await askOften(simulator, 25);
    for (const [index, { chats, numFound }] of answers.entries()) {
      const held = simulator.heldAt('messenger', DAY, index + 1);
      expect(chats.toReversed()).toEqual(held);
      expect(numFound).toBe(held.length);
    }
    expect(simulator.heldAt('messenger', DAY, 25)).toEqual(simulator.rows('messenger', DAY));
    expect(simulator.heldAt('messenger', DAY, 0)).not.toEqual(simulator.rows('messenger', DAY));
  });

  it('tells what a question was about, and not only what the answer held', async () => {
    const simulator = await startOne(['moving', 'cap:7', 'ties', 'ignore:chat_type'], SMALL);
    await askOften(simulator, 6);
    await askOften(simulator, 6, { chat_status: 0 });
    await askChats(simulator, 'zalo', DAY, { page: 2 });
    await ask(simulator, chatsPath('messenger', DAY, { page: 0 }));
    await askOften(simulator, 1, { chat_type: 1 });
    const given = simulator.seen.entries.filter(({ said }) => said);
    expect(given.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15]);
    for (const seen of given.slice(0, -1)) {
      expect(simulator.heldFor(seen)).toHaveLength(seen.said?.numFound ?? -1);
    }
    const last = given.at(-1);
    expect(last?.said?.rows).toBe(7);
    expect(simulator.heldFor(last ?? { number: 0, params: new URLSearchParams() }).length).toBeLessThan(20);
  });

  it('moves rows that a test wrote down', async () => {
    const rows = Array.from({ length: 10 }, (_, index) => ({
      conversation_id: `R-${index}`,
      start_time: `${DAY} 10:00:0${index}`,
      chat_status: 'LBL_CHAT_STATUS_MISS',
    }));
    const simulator = await startOne(['moving:6'], { rows: (_, day) => (day === DAY ? rows : []) });
    await askOften(simulator, 20);
    expect(simulator.heldAt('messenger', DAY, 1)).toEqual(rows);
    expect(simulator.rows('messenger', DAY)).not.toEqual(rows);
  });
});

it('counts by status in a day of a hundred thousand without drawing each row again', async () => {
  const simulator = await startOne([], { chats: 0, chatsByChannel: { messenger: 100_000 } });
  const [missed, met, all] = [
    await askChats(simulator, 'messenger', DAY, { count: 1, chat_status: 0 }),
    await askChats(simulator, 'messenger', DAY, { count: 1, chat_status: 1 }),
    await askChats(simulator, 'messenger', DAY, { count: 1 }),
  ].map(({ numFound }) => numFound);
  expect(Number(missed) + Number(met)).toBe(all);
});
