import { expect, test, vi } from 'vitest';
import { fc } from '../property.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { changingDays, LOOKER, NEXT, REVISED } from './changing-days.ts';
import { beMorningAfter, morningAfter } from './mornings.ts';

const SIZES = { livechat: [0, 0], messenger: [8, 4], zalo: [3, 1] } as const;
const WORDS = ['MISS', 'MEET', 'OTHER'] as const;
const messages = (chats: number) =>
  fc.array(fc.constantFrom(...WORDS), { minLength: chats, maxLength: chats });

test('whichever statuses change while the count of all stays, a look finds it, and what moves no count the last look', async () => {
  beMorningAfter(REVISED);
  await fc.assert(
    fc.asyncProperty(messages(8), messages(3), async (messenger, zalo) => {
      vi.setSystemTime(morningAfter(REVISED));
      const days = await changingDays({ CHANNELS: 'messenger,zalo' }, SIZES, memoryLake());
      const change = (drawn: Readonly<Record<'messenger' | 'zalo', readonly string[]>>): void => {
        for (const channel of ['messenger', 'zalo'] as const) {
          days.change(channel, (rows) =>
            rows.map((row, at) => ({ ...row, chat_status: `LBL_CHAT_STATUS_${drawn[channel][at]}` })),
          );
        }
      };
      const countsOf = (drawn: readonly string[]) => ({
        answered: drawn.filter((word) => word === 'MEET').length,
        missed: drawn.filter((word) => word === 'MISS').length,
      });
      const counts = { messenger: countsOf(messenger), zalo: countsOf(zalo) };
      await days.machine.report(REVISED);
      change({ messenger, zalo });
      await days.machine.report(LOOKER);
      const looked = await days.summaryOf(REVISED);
      expect([looked.byChannel, looked.looks?.state]).toMatchObject([counts, 'provisional']);
      // No count is another now.
      const turned = { messenger: messenger.toReversed(), zalo: zalo.toReversed() };
      change(turned);
      await days.machine.report(NEXT);
      const { byChannel, looks, callbacks } = await days.summaryOf(REVISED);
      expect([byChannel, looks?.state]).toMatchObject([counts, 'final']);
      const missed = [0, 1, 2, 3, 4, 5, 6, 7].filter(
        (at) => turned.messenger[at] === 'MISS' || turned.zalo[at] === 'MISS',
      );
      expect(callbacks.map(({ customer }) => customer.key).toSorted()).toEqual(
        missed.map((at) => `id:${1_000 + at}`),
      );
    }),
    { numRuns: 4 },
  );
});
