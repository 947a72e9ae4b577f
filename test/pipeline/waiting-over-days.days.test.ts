import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import type { Channel } from '../../functions/chats/channel.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { messagesFor } from '../../functions/report/i18n/messages.ts';
import { UnavailableError } from '../../functions/sources/source.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { readObject } from '../../functions/storage/object-store.ts';
import { fc } from '../property.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { watchedSource } from '../watched-source.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { openPages } from '../web/open-pages.ts';
import { inputFor } from './changing-days.ts';
import { beMorningAfter, morningAfter } from './mornings.ts';
import { oneMachine } from './one-machine.ts';

const DAYS = ['2026-11-18', '2026-11-19', '2026-11-20'] as const;
const [FIRST, SECOND, TODAY] = DAYS;

/** One chat of a customer: on which day, when, where, and whether it was answered. */
interface Said {
  readonly who: number;
  readonly day: string;
  /** From the first minute of the day on. */
  readonly minute: number;
  readonly channel: Channel;
  readonly isMissed: boolean;
}

const two = (number: number): string => String(number).padStart(2, '0');
const nameOf = (who: number): string => `Khách-${two(who)}`;

function toRow({ who, day, minute, channel, isMissed }: Said) {
  const at = `${day} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  return {
    conversation_id: `${channel}-${day}-${who}-${minute}`,
    ...{ customer_id: 5_000 + who, cus_name: nameOf(who), cus_phone: `09123450${two(who)}` },
    ...{ start_time: `${at}:00`, end_time: `${at}:50`, waitTime: '00:00:20' },
    chat_status: `LBL_CHAT_STATUS_${isMissed ? 'MISS' : 'MEET'}`,
  };
}

/** A company whose CareSoft says what `said` holds at the time, and its reports in memory. */
async function companyOf(said: readonly Said[], settings: Readonly<Record<string, string>> = {}) {
  const lake = memoryLake();
  const machine = await oneMachine(
    {
      rows: (channel, day) => said.filter((one) => one.channel === channel && one.day === day).map(toRow),
    },
    { LOOK_BACK: '1', ...settings },
    undefined,
    lake,
  );
  return {
    machine,
    /** The run of a day on the morning after it, a channel of which may not be answered. */
    async run(day: string, dead: Channel | null = null) {
      beMorningAfter(day);
      const { account, context, ports } = machine.compose();
      const chatSource = watchedSource(ports.chatSource, ({ channel }) => {
        if (channel === dead) throw new UnavailableError('HTTP 500');
      });
      return (await dailyReport(inputFor(day), context, account, { ...ports, chatSource })).state;
    },
    /** Who is in the list of a day's report, in each form in its order. */
    async formsOf(day: string, kind = 'report') {
      const key = `${day}-${kind}-manager@example.com.eml`;
      const mail = await PostalMime.parse(
        (await readObject(openFolder(machine.outbox), key)) ?? Buffer.alloc(0),
      );
      const { page } = openPages(lake, { now: morningAfter(day) });
      const shown = (await page(`/days/${day}?lang=vi`)).html;
      const file = (await readObject(lake, `reports/dt=${day}/report.xlsx`)) ?? Buffer.alloc(0);
      const messages = messagesFor('vi');
      const inRows = (html: string) =>
        [...html.matchAll(/<b>\d+\. (Khách-\d+)<\/b>/g)].map(([, name]) => name);
      return {
        text: mail.text ?? '',
        lists: {
          text: [...(mail.text ?? '').matchAll(/^ +\d+\. (Khách-\d+)$/gm)].map(([, name]) => name),
          html: inRows(mail.html ?? ''),
          page: inRows(shown),
          workbook: openWorkbook(file).sheet(messages.workbook.sheets.waiting).column(messages.customer),
        },
      };
    },
  };
}

const all = (names: readonly string[]) => ({ text: names, html: names, page: names, workbook: names });

test('who was found late and who was missed on a partial day are in the list once, and who was answered this morning is named', async () => {
  const missed = { day: SECOND, channel: 'messenger', isMissed: true } as const;
  const said: Said[] = [
    // Missed on both days.
    { ...missed, who: 1, day: FIRST, minute: 600 },
    { ...missed, who: 1, minute: 660 },
    // Answered at half past midnight.
    { ...missed, who: 2, minute: 840 },
    { ...missed, who: 2, day: TODAY, minute: 30, isMissed: false },
    { ...missed, who: 3, minute: 900 },
    { ...missed, who: 5, day: FIRST, minute: 700, isMissed: false },
    { ...missed, who: 5, channel: 'zalo', minute: 700, isMissed: false },
  ];
  const company = await companyOf(said);
  expect(await company.run(FIRST)).toBe('reported');
  expect((await company.formsOf(FIRST)).lists).toEqual(all([nameOf(1)]));
  // CareSoft has one more of that day on the next morning, when Zalo is not answered.
  said.push({ ...missed, who: 4, day: FIRST, minute: 1_200 });
  expect(await company.run(SECOND, 'zalo')).toBe('partial');
  const partial = await company.formsOf(SECOND, 'partial');
  const who = [1, 4, 3].map(nameOf);
  expect(new Set(partial.lists.text)).toEqual(new Set(who));
  expect(partial.lists).toEqual(all(partial.lists.text as string[]));
  expect(partial.lists.text).toHaveLength(who.length);
  const text = partial.text.replaceAll(/\s+/g, ' ');
  expect(text).toContain('Sau đó đã được trả lời, nên không có trong danh sách: Khách-02 (00:30).');
  expect(text).toContain('Khách-01 Nhỡ 2 lần');
  expect(text).toMatch(/Khách-04 Nhỡ [^.]*18\/11/);
});

test('who waits after any two days is in each form once and in one order, and no one else is', async () => {
  const anySaid = fc.record({
    who: fc.integer({ min: 1, max: 8 }),
    day: fc.constantFrom(FIRST, SECOND),
    minute: fc.integer({ min: 0, max: 1_439 }),
    channel: fc.constantFrom('livechat', 'messenger', 'zalo'),
    isMissed: fc.boolean(),
  }) satisfies fc.Arbitrary<Said>;
  // Before the mail is made.
  const anyAnswer = fc.record({
    who: fc.integer({ min: 1, max: 8 }),
    day: fc.constant(TODAY),
    minute: fc.integer({ min: 0, max: 350 }),
    channel: fc.constantFrom('livechat', 'messenger', 'zalo'),
    isMissed: fc.constant(false),
  }) satisfies fc.Arbitrary<Said>;
  const anyDays = fc
    .tuple(fc.array(anySaid, { minLength: 1, maxLength: 24 }), fc.array(anyAnswer, { maxLength: 4 }))
    .map(([days, today]) => [
      ...new Map([...days, ...today].map((one) => [`${one.who} ${one.day} ${one.minute}`, one])).values(),
    ]);
  await fc.assert(
    fc.asyncProperty(anyDays, async (said) => {
      const company = await companyOf(said);
      for (const day of [FIRST, SECOND]) expect(await company.run(day)).toBe('reported');
      const startOf = ({ day, minute }: Said): string => `${day} ${String(minute).padStart(4, '0')}`;
      const waits = [...Map.groupBy(said, ({ who }) => who)].filter(([, chats]) => {
        const last = chats.toSorted((one, other) => (startOf(one) < startOf(other) ? -1 : 1)).at(-1);
        return last?.isMissed === true;
      });
      const { lists } = await company.formsOf(SECOND);
      expect(lists).toEqual(all(lists.text as string[]));
      expect(lists.text.toSorted()).toEqual(waits.map(([who]) => nameOf(who)).toSorted());
    }),
    { numRuns: 12 },
  );
}, 120_000);
