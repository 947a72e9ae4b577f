import { expect, test } from 'vitest';
import { readRaw } from './read-capture.ts';
import { openCase } from './run-case.ts';

const FIVE_CHATS = { chats: 5, answered: 4, missed: 1 };

test.each(['10', '11', '12', '13'])('what can mean one thing only is read: %s', async (number) => {
  const opened = await openCase(number);
  const { code, out } = await opened.run('--json');
  const summary = JSON.parse(out);
  expect([code, summary.completeness.verdict]).toEqual([0, 'proven']);
  expect(summary).toMatchObject({ totals: FIVE_CHATS, callbacks: [{ attempts: 1 }] });
  const { livechat, zalo } = summary.completeness.channels;
  for (const channel of [livechat, zalo]) {
    expect(channel).toMatchObject({ verdict: 'proven', numFoundAfter: 0, unique: 0 });
  }
  // Raw is as it came, and read again by the same rules.
  const rebuilt = await opened.call(['rebuild', '--day', '2026-11-20']);
  expect([rebuilt.code, rebuilt.out]).toEqual([0, expect.stringContaining('5 chats')]);
  expect((await opened.call(['check'])).code).toBe(0);
});

test('who is erased is taken out of a list that is written as an object', async () => {
  const opened = await openCase('13');
  expect((await opened.run()).code).toBe(0);
  const raw = async () => String((await readRaw(opened, 'messenger'))[0]);
  expect(await raw()).toContain('"chats":{"0":{');
  expect((await opened.call(['erase', '--customer', '200000005'])).code).toBe(0);
  expect(await raw()).toContain('"chats":{"0":{');
  expect(await raw()).not.toContain('200000005');
  const { code, out } = await opened.run('--json');
  expect([code, JSON.parse(out).totals]).toEqual([0, expect.objectContaining(FIVE_CHATS)]);
});
