import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Channel } from '../../functions/chats/channel.ts';
import type { Notification, ReportNotification } from '../../functions/delivery/notification.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { beMorningAfter } from './mornings.ts';
import { BRISK, DAY, oneMachine } from './one-machine.ts';

/** A week of which the last day is silent on some channels. */
async function reportAfter(busy: readonly Channel[], silent: readonly Channel[], locale: string) {
  const machine = await oneMachine(
    {
      rows: (channel, day) => {
        if (!busy.includes(channel) || (day === DAY && silent.includes(channel))) return [];
        return [
          {
            ...{ conversation_id: `${channel}-${day}`, chat_status: 'LBL_CHAT_STATUS_MEET' },
            start_time: `${day} 10:00:00`,
          },
        ];
      },
    },
    { CHANNELS: busy.join(','), LOCALE: locale },
  );
  for (const day of ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', DAY]) {
    expect(await machine.report(day)).toMatchObject({ state: 'reported' });
  }
  const text = await readFile(join(machine.lake, `reports/dt=${DAY}/report.txt`), 'utf8');
  const html = await readFile(join(machine.lake, `reports/dt=${DAY}/report.html`), 'utf8');
  return {
    text: text.replaceAll(/\s+/g, ' '),
    html: html.replaceAll(/<[^>]*>|\s+/g, ' ').replaceAll(/ +/g, ' '),
  };
}

test.each([
  [
    ...([['messenger', 'zalo'], ['messenger', 'zalo'], 'vi'] as const),
    'Không có chat nào, dù Messenger và Zalo bình thường vẫn có: hãy kiểm tra kênh còn kết nối với CareSoft không.',
  ],
  [
    ...([['messenger', 'zalo'], ['zalo'], 'en'] as const),
    'The one chat was not missed, but no chats at all from Zalo. Thu 19 Nov: 0 of 2 chats missed. ! Zalo is unusually empty',
  ],
])(
  'of %s, silent on %s, the report does not say in %s that all is well',
  async (busy, silent, locale, says) => {
    const { text, html } = await reportAfter(busy, silent, locale);
    expect(text).toContain(says);
    expect(html).toContain(says.split(' ! ')[0]);
    expect(text + html).not.toMatch(
      /confirms that it is zero|xác nhận đúng là 0|No customer is waiting\.|Không còn khách nào/,
    );
  },
);

test('a channel that falls silent is told to listeners, in the log, and on its second day again', async () => {
  const zalo = (day: string, number: number) => ({
    ...{ conversation_id: `zalo-${day}-${number}`, chat_status: 'LBL_CHAT_STATUS_MEET' },
    start_time: `${day} ${10 + Math.floor(number / 4)}:50:0${number % 4}`,
  });
  const counts: Readonly<Record<string, number>> = { '2026-11-19': 4, [DAY]: 0 };
  const machine = await oneMachine(
    {
      rows: (channel, day) =>
        channel === 'zalo' ? Array.from({ length: counts[day] ?? 16 }, (_, number) => zalo(day, number)) : [],
    },
    { CHANNELS: 'zalo' },
    BRISK,
    memoryLake(),
  );
  for (const day of ['2026-11-16', '2026-11-17', '2026-11-18'])
    await machine.report(day, { isOfRange: true });
  const announced: ReportNotification[] = [];
  const logged: LogEvent[] = [];
  for (const day of ['2026-11-19', DAY]) {
    beMorningAfter(day);
    const { account, context, ports } = machine.compose();
    const listener = {
      name: 'listener',
      notify: async (told: Notification) => {
        if (told.schema === 'chat-report/published/1') announced.push(told);
      },
    };
    await dailyReport(
      { run: `run-${day}`, day, since: null, resend: false, deliver: true },
      context,
      account,
      {
        ...ports,
        notifiers: [listener],
        log: openLog((_level, entry) => logged.push(entry)),
      },
    );
  }
  const since = ['2026-11-19T10:50:03+07:00', null];
  expect(announced.map(({ silent }) => silent)).toEqual(since.map((at) => [{ channel: 'zalo', since: at }]));
  expect(logged.filter(({ event }) => event === 'channel-silent')).toMatchObject(
    since.map((at) => ({ channel: 'zalo', since: at })),
  );
});

test('a channel that never has chats is still confirmed to have none', async () => {
  const machine = await oneMachine({ rows: () => [] }, { LOCALE: 'en' });
  await machine.report();
  const report = await readFile(join(machine.lake, `reports/dt=${DAY}/report.txt`), 'utf8');
  expect(report).toContain('No chats on this day: CareSoft confirms that it is zero.');
});
