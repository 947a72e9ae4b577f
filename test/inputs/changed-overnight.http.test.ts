import { describe, expect, test } from 'vitest';
import { openCase } from './run-case.ts';

const DAY = '2026-11-20';

describe('chats whose status changes overnight, while their count stays', () => {
  test('are found by the next run, and told once by a mail', async () => {
    const running = await openCase('03');
    const first = await running.run('--json');
    expect(first).toMatchObject({ code: 0 });
    const before = JSON.parse(first.out);
    expect(before).toMatchObject({ totals: { chats: 30, answered: 20, missed: 10 }, revisions: [] });
    expect(before.callbacks).toHaveLength(10);

    expect(await running.runLater(0)).toMatchObject({ code: 0 });
    const summary = await running.readLake(`reports/dt=${DAY}/summary.json`);
    expect(summary).toMatchObject({
      totals: { chats: 30, answered: 28, missed: 2, missedRate: 2 / 30 },
      callbacks: [expect.anything(), expect.anything()],
      revisions: [
        {
          channel: 'messenger',
          was: { chats: 30, answered: 20, missed: 10, other: 0 },
          is: { chats: 30, answered: 28, missed: 2, other: 0 },
        },
      ],
    });

    expect(await running.call(['run', '--day', '2026-11-22'])).toMatchObject({ code: 0 });
    const mails = Object.entries(await running.readMails()).filter(([name]) => !name.startsWith(DAY));
    const telling = mails.filter(([, { text = '' }]) =>
      text.replaceAll(/\s+/g, ' ').includes('20/11/2026: giảm 8 chat nhỡ, tăng 8 chat đã trả lời'),
    );
    expect([mails.length, telling.length]).toEqual([2, 1]);
  });
});
