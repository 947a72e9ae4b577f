import { beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../functions/chats/channel.ts';
import type { Chat } from '../../functions/chats/chat.ts';
import type { Callback, Summary } from '../../functions/metrics/summary.ts';
import type { Waiting } from '../../functions/metrics/waiting.ts';
import { everyoneIn, toWorkList } from '../../functions/metrics/work-list.ts';
import { ChatPicker, MOST_CHATS, type PickedChats } from '../../functions/report/formats/workbook/sheets.ts';
import { contentHashOf, renderWorkbook } from '../../functions/report/formats/workbook/workbook.ts';
import { fileNameOf, WORKBOOK } from '../../functions/report/formats.ts';
import { type Locale, messagesFor } from '../../functions/report/i18n/messages.ts';
import { anyChats, at, chat, ERASED, measure } from '../metrics/chats.ts';
import { anyCharacter, fc } from '../property.ts';
import { BUSY_DAY } from './busy-day.ts';
import { ALONE, callback, EMPTY_DAY, figures, keyed, proven, summary } from './fixture.ts';
import { type OpenedSheet, type OpenedWorkbook, openWorkbook } from './open-workbook.ts';

const vi = messagesFor('vi');
const say = vi.workbook;
const { sheets } = say;
const { byAgent, byGroup, byService, byLandingPage } = vi.dimensions;
const listed = [byAgent, byGroup, byService].map(({ sheet }) => sheet);

/** Of a day that was really counted. */
async function dayOf(chats: readonly Chat[], more: Partial<Summary> = {}): Promise<Summary> {
  const { contacts = 'full' } = more;
  return summary({ ...(await measure(chats, { contacts })), contacts, ...more });
}

function pageOf(chats: readonly Chat[], most?: number): PickedChats {
  const picker = new ChatPicker(most);
  picker.add(chats);
  return picker.finish();
}

async function open(
  of: Summary,
  picked: PickedChats | null = { holds: 'all', chats: [] },
  locale: Locale = 'vi',
): Promise<OpenedWorkbook> {
  return openWorkbook(await renderWorkbook({ summary: of, locale, ...ALONE }, picked));
}

const sum = (values: readonly unknown[]): number =>
  values.reduce<number>((all, one) => all + Number(one ?? 0), 0);

/** Seconds as a part of a day, and back without what floating point adds. */
const seconds = (value: unknown): number | null =>
  value === null ? null : Math.round(Number(value) * 86_400);

/** `2026-11-21 14:26:10` as a spreadsheet shows it that knows no time zone. */
const wall = (serial: unknown): string =>
  new Date(Math.round((Number(serial) - 25_569) * 86_400) * 1_000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');

const CHATS: readonly Chat[] = [
  chat({
    channel: 'zalo',
    conversationId: '12345678901234567890',
    ticketNo: '00204817',
    customerId: '1',
    customerName: 'Lý Quỳnh Như',
    customerPhone: '+84901234567',
    customerEmail: 'nhu@example.com',
    status: 'missed',
    startedAt: at('14:26:10'),
    waitSeconds: 95,
    landingPage: 'https://shop.vn/lien-he/0901234567?utm=1',
  }),
  chat({
    channel: 'livechat',
    conversationId: '98765432109876543210',
    customerId: '2',
    customerName: '=HYPERLINK("http://evil.example","0901234567")',
    startedAt: at('08:00:00'),
    waitSeconds: 31,
    answerSeconds: 200,
    durationSeconds: 90_061,
    agentEmail: 'an@shop.vn',
    agentName: 'Vũ Ngọc Ẩn',
    groupName: 'Bán hàng online',
    serviceId: '10042',
  }),
  chat({ channel: 'messenger', customerId: ERASED, customerName: 'never', startedAt: at('23:59:59') }),
];

describe('the workbook', () => {
  test.each(['vi', 'en'] as const)('has a sheet for each part of the report, in %s', async (locale) => {
    const { workbook, dimensions } = messagesFor(locale);
    const { overview, waiting, hours, chats, missedChats } = workbook.sheets;
    const lists = [dimensions.byAgent, dimensions.byGroup, dimensions.byService].map(({ sheet }) => sheet);
    const names = [overview, waiting, hours, ...lists, chats];
    const opened = await open(BUSY_DAY, undefined, locale);
    expect(opened.sheets.map(({ name }) => name)).toEqual(names);
    for (const name of [...names, missedChats]) expect(name).toMatch(/^[^[\]:*?/\\']{1,31}$/);
    expect(new Set([...names, missedChats]).size).toBe(names.length + 1);
  });

  test('says what the report says, and what was proven', async () => {
    const { rows } = (await open(BUSY_DAY)).sheet(sheets.overview);
    const lines = rows.map((row) => row.map(({ value }) => value).filter((value) => value !== null));
    const said = lines.map((line) => line.join(' '));
    expect(said[0]).toBe('Báo cáo chat 21/11/2026');
    expect(said[1]).toMatch(/^Nhỡ 10,6% chat, chưa đạt mục tiêu 8%\. 28 khách /);
    expect(said).toContain('Đã đối chiếu đủ 681 chat với số CareSoft báo.');
    expect(lines).toContainEqual([say.waiting, 28]);
    expect(lines).toContainEqual(['Messenger', 317, 317, 320, 3, 0, 317, 317, 0, 0]);
    expect(said).toContain(say.proofAdds);
  });

  test('tells what became of yesterday’s list, what was missed out of hours, and why', async () => {
    const { rows } = (
      await open(
        summary({
          missCauses: { outOfHours: 20, agentsBusy: 4, leftEarly: 2, unknown: 0 },
          businessHours: { hours: 'Mon-Sat 08:00-21:00', inside: figures(80, 6), outside: figures(20, 20) },
          followUp: {
            ...{ day: '2026-11-20', generatedAt: '2026-11-20T23:00:00.000Z', customers: 9 },
            ...{ answered: 6, missedAgain: 1, silent: 2, unrecognizable: 0 },
          },
        }),
      )
    ).sheet(sheets.overview);
    const lines = rows.map((row) => row.map(({ value }) => value).filter((value) => value !== null));
    expect(lines).toContainEqual([vi.missReasons.outOfHours, 20, 20 / 26]);
    expect(lines).toContainEqual([say.followedUp.answered, 6]);
    expect(lines).toContainEqual([say.businessHours('T2–T7 08:00–21:00')]);
    expect(lines.find(([name]) => name === say.outside)?.slice(1, 5)).toEqual([20, 16, 0, 20]);
  });

  test('comes to the day’s totals in every sheet', async () => {
    const opened = await open(BUSY_DAY);
    const { totals } = BUSY_DAY;
    for (const name of [sheets.hours, ...listed]) {
      const sheet = opened.sheet(name);
      expect(sheet.total(say.figures.chats), name).toBe(totals.chats);
      expect(sheet.total(say.figures.missed), name).toBe(totals.missed);
      expect(sheet.total(say.figures.missedRate), name).toBe(totals.missedRate);
      expect(seconds(sheet.total(say.figures.medianWait)), name).toBe(totals.waitSeconds.p50);
    }
    expect(sum(opened.sheet(sheets.hours).column(say.figures.chats))).toBe(totals.chats);
    expect(opened.sheet(sheets.waiting).column(vi.customer)).toHaveLength(28);
  });

  test('has hours by channel, which come to the channel’s', async () => {
    const chats = (['livechat', 'zalo'] as Channel[]).flatMap((channel, place) =>
      ['00:10:00', '09:00:00', '09:30:00'].map((clock) =>
        chat({ channel, startedAt: at(clock), status: place === 0 ? 'missed' : 'answered' }),
      ),
    );
    const sheet = (await open(await dayOf(chats))).sheet(sheets.hours);
    const zalo = (of: string) => `Zalo: ${of}`;
    expect(sheet.column(vi.hourColumn).map((hour) => Number(hour) * 24)).toEqual(
      Array.from({ length: 24 }, (_, hour) => expect.closeTo(hour, 9)),
    );
    expect(sheet.column(zalo(say.figures.chats)).slice(0, 10)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    // An hour without chats is not one in which none was missed.
    expect(sheet.column(`LiveChat: ${say.figures.missed}`).slice(7, 10)).toEqual([null, null, 2]);
    expect(sheet.column(zalo(say.figures.missed)).slice(0, 2)).toEqual([0, null]);
    expect(sheet.column(say.figures.missed).slice(0, 2)).toEqual([1, null]);
    // Of a handful, or of nothing, there is no rate.
    expect(sheet.column(zalo(say.figures.missedRate)).slice(0, 2)).toEqual([null, null]);
    expect([sheet.total(zalo(say.figures.chats)), sheet.total(vi.hourColumn)]).toEqual([3, say.total]);
  });

  test('leaves out the hours of channels where a summary of before does not have them', async () => {
    const opened = await open({ ...BUSY_DAY, byChannelHour: [] });
    const titles = opened.sheet(sheets.hours).rows[0]?.map(({ value }) => value);
    expect(titles?.slice(0, 2)).toEqual([vi.hourColumn, say.figures.chats]);
  });

  test('shows the ninetieth percentile of ten values and more', async () => {
    const day = summary({ byAgent: [keyed('a@x.vn', 'An', 10, 0), keyed('b@x.vn', 'Bình', 9, 0)] });
    const waits = (await open(day)).sheet(byAgent.sheet).column(say.figures.p90Wait);
    expect(waits.map(seconds)).toEqual([233, null]);
  });

  test('tells two agents of one name apart', async () => {
    const names = (await open(BUSY_DAY)).sheet(byAgent.sheet).column(byAgent.one);
    expect(names.slice(4, 8)).toEqual([
      'Vũ Ngọc Ẩn (an@shop.vn)',
      'Vũ Ngọc Ẩn (an2@shop.vn)',
      byAgent.none,
      'agent0@shop.vn',
    ]);
  });
});

describe('the chats of a workbook', () => {
  let opened: OpenedWorkbook;
  let sheet: OpenedSheet;
  beforeAll(async () => {
    const day = await dayOf(CHATS);
    opened = await open(day, pageOf(CHATS));
    sheet = opened.sheet(sheets.chats);
  });

  test('are a row each, by their start on the wall clock', () => {
    expect(sheet.column(say.startedAt).map(wall)).toEqual([
      '2026-11-21 08:00:00',
      '2026-11-21 14:26:10',
      '2026-11-21 23:59:59',
    ]);
    expect(sheet.column(say.status)).toEqual([
      say.statuses.answered,
      say.statuses.missed,
      say.statuses.answered,
    ]);
    expect(sheet.column(vi.channel)).toEqual(['LiveChat', 'Zalo', 'Messenger']);
    expect(sheet.column(byAgent.one)).toEqual(['Vũ Ngọc Ẩn', byAgent.none, byAgent.none]);
  });

  test('have durations as parts of a day, also of more than one, and as the figures count them', () => {
    expect(sheet.column(say.wait).map(seconds)).toEqual([31, 95, null]);
    expect(sheet.column(say.duration).map(seconds)).toEqual([90_061, null, null]);
    expect(sheet.column(say.handle).map(seconds)).toEqual([200, null, null]);
  });

  test('keep every digit of an id and what a phone begins with, as text', () => {
    expect(sheet.column(say.conversationId).slice(0, 2)).toEqual([
      '98765432109876543210',
      '12345678901234567890',
    ]);
    expect(sheet.column(say.ticket)[1]).toBe('00204817');
    expect(sheet.column(say.phone)[1]).toBe('+84901234567');
  });

  test('hold what looks like a formula as the text it is', () => {
    expect(sheet.column(vi.customer)[0]).toBe('=HYPERLINK("http://evil.example","0901234567")');
    for (const { xml } of opened.sheets) expect(xml).not.toMatch(/<f[ >]|<hyperlink/);
    const formats = sheet.rows.slice(1).map((row) => row[3]?.format);
    // So it stays one where somebody goes into the cell and out again.
    expect(new Set(formats)).toEqual(new Set(['@']));
  });

  test('do not tell who was erased, whatever raw says of them', () => {
    expect(sheet.column(vi.customer)[2]).toBe(null);
    expect([...opened.parts.values()].join('').includes('never')).toBe(false);
  });

  test('mask contacts where the report does, also within a name and a page', async () => {
    const day = await dayOf(CHATS, { contacts: 'masked' });
    const file = await open(day, pageOf(CHATS));
    const masked = file.sheet(sheets.chats);
    expect(masked.column(say.phone)[1]).toBe('+84*******67');
    expect(masked.column(say.email)[1]).toBe('n**@example.com');
    expect(masked.column(byLandingPage.one)[1]).toBe('shop.vn/lien-he/090*****67');
    expect(/(0|84)901234567/.test([...file.parts.values()].join(''))).toBe(false);
    expect(sheet.column(byLandingPage.one)[1]).toBe('shop.vn/lien-he/0901234567');
  });

  test('are left out where they can no longer be read, and the workbook says so', async () => {
    const { sheets: there } = await open(BUSY_DAY, null);
    expect(there.map(({ name }) => name)).not.toContain(sheets.chats);
    expect(textOf(there[0])).toContain(say.noChats);
  });
});

describe('a day of more chats than a sheet is to have', () => {
  const many = Array.from({ length: MOST_CHATS + 1 }, (_, place) =>
    chat({
      conversationId: String(place),
      startedAt: { wallSeconds: at('00:00:00').wallSeconds + place, epochSeconds: place },
      status: place % 10 === 0 ? 'missed' : 'answered',
    }),
  );

  test('lists the missed ones alone, and says so', async () => {
    const picked = pageOf(many);
    expect([picked.holds, picked.chats.length]).toEqual(['missed', 2_001]);
    expect(picked.chats.slice(0, 2).map(({ conversationId }) => conversationId)).toEqual(['0', '10']);
    const opened = await open(BUSY_DAY, { ...picked, chats: picked.chats.slice(0, 50) });
    expect(opened.sheet(sheets.missedChats).column(say.status)).toEqual(Array(50).fill(say.statuses.missed));
    expect(textOf(opened.sheets[0])).toContain(say.onlyMissed('20.000'));
  });

  test('lists all of them where it has one chat less', async () => {
    const picked = pageOf(many.slice(1));
    expect([picked.holds, picked.chats.length]).toEqual(['all', MOST_CHATS]);
  });

  test('lists the latest where even those are too many, the latest first, in whatever order they come', async () => {
    const missed = many.slice(0, 100).map((one) => ({ ...one, status: 'missed' as const }));
    const shuffled = missed.toSorted(
      (one, other) => ((Number(one.conversationId) * 37) % 100) - ((Number(other.conversationId) * 37) % 100),
    );
    const picker = new ChatPicker(8);
    for (let from = 0; from < 100; from += 7) picker.add(shuffled.slice(from, from + 7));
    const picked = picker.finish();
    expect(picked.holds).toBe('latestMissed');
    expect(picked.chats.map(({ conversationId }) => Number(conversationId))).toEqual([
      99, 98, 97, 96, 95, 94, 93, 92,
    ]);
    const opened = await open(summary({ totals: figures(100, 100) }), picked);
    expect(textOf(opened.sheets[0])).toContain(say.onlyLatestMissed('8', '100'));
    expect(opened.sheet(sheets.missedChats).column(say.conversationId)[0]).toBe('99');
  });
});

describe('a sheet of a workbook', () => {
  test('keeps its head in view and on each page, and can be filtered, but for what it comes to', async () => {
    const { sheets: all } = await open(BUSY_DAY);
    for (const { name, xml, rows, repeated } of all.slice(1)) {
      expect(xml, name).toContain('state="frozen"');
      // Whom a result is of has to be seen while it is written down.
      const pane =
        name === sheets.waiting
          ? '<pane xSplit="2" ySplit="1" topLeftCell="C2"'
          : '<pane xSplit="1" ySplit="1" topLeftCell="B2"';
      expect(xml.includes(pane), name).toBe(true);
      expect(repeated).toBe(`'${name}'!$1:$1`);
      const hasTotal = rows.at(-1)?.[0]?.value === say.total;
      expect(xml, name).toMatch(new RegExp(`<autoFilter ref="A1:[A-Z]+${rows.length - Number(hasTotal)}"/>`));
    }
    for (const { xml, name } of all) {
      expect(xml, name).toContain('<pageSetUpPr fitToPage="1"/>');
      expect(xml, name).toMatch(
        /<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"\/>/,
      );
      expect(xml, name).toMatch(/<col min="1" max="1" width="\d+"/);
    }
  });

  test('has numbers, shares, durations and times as such, each in its format', async () => {
    const opened = await open(BUSY_DAY);
    const formats = (sheet: OpenedSheet) => new Set(sheet.rows[1]?.map(({ format }) => format));
    expect(formats(opened.sheet(byAgent.sheet))).toEqual(new Set(['@', '#,##0', '0.0%', '[h]:mm:ss']));
    expect(formats(opened.sheet(sheets.waiting))).toEqual(
      new Set(['@', '#,##0', '[h]:mm:ss', 'dd/mm/yyyy hh:mm:ss']),
    );
  });

  test('has whom to call, when they were missed and until when they can be answered', async () => {
    const day = summary({ callbacks: [callback('Lý Quỳnh Như', 2, '14:26', { cause: 'agentsBusy' })] });
    const sheet = (await open(day)).sheet(sheets.waiting);
    const [attempts] = sheet.column(say.attempts);
    const [first, last, until] = [say.firstMissedAt, say.lastMissedAt, say.replyBy].map((title) =>
      sheet.column(title).map(wall),
    );
    expect([attempts, first, last, until]).toEqual([
      2,
      ['2026-11-21 08:05:10'],
      ['2026-11-21 14:26:10'],
      ['2026-11-22 14:26:10'],
    ]);
    expect(sheet.column(vi.waited).map(seconds)).toEqual([95]);
    expect(sheet.column(vi.missReason)).toEqual([vi.missReasons.agentsBusy]);
    expect(sheet.column(say.conversationId)).toEqual(['5f0c']);
  });
});

/** Of the morning after, with one of the day before and one who can be answered no more. */
const WAITING: Waiting = {
  schema: 'chat-report/waiting/1',
  ...{ day: '2026-11-21', timeZone: 'Asia/Ho_Chi_Minh', asOf: '2026-11-22T06:05:00+07:00', followUpDays: 3 },
  ...{ contacts: 'masked', replyHours: { messenger: 24, zalo: 48 }, businessHours: null, captures: [] },
  open: { captures: [], failed: [{ channel: 'zalo', reason: 'busy' }] },
  waiting: [
    waits('Visitor', { channels: ['livechat'], replyBy: null }, null),
    waits('Over', { attempts: 4, replyBy: '2026-11-22T06:00:00+07:00' }, null),
    waits('Caller', { attempts: 2, ticketNo: '00204817' }),
    waits('Writer', { channels: ['zalo'], replyBy: '2026-11-23T10:00:00+07:00' }, null),
    waits('Soon', { channels: ['livechat', 'messenger'], replyBy: '2026-11-22T08:05:00+07:00' }, null),
  ],
  answered: [{ key: 'id:Answered', at: '2026-11-22T00:10:00+07:00', channel: 'zalo' }],
};

function waits(name: string, more: Partial<Callback>, phone: string | null = '0912***678') {
  const { customer, ...rest } = callback(name, 1, '10:00', more);
  return { ...rest, customer: { ...customer, phone }, callbacks: [] };
}

describe('the list of who waits', () => {
  const day = summary({
    callbacks: ['Answered', 'Listed by the day'].map((name) => callback(name, 1, '09:00')),
  });
  const openWith = async (locale: Locale, waiting: Waiting | null) =>
    openWorkbook(await renderWorkbook({ ...ALONE, summary: day, locale, waiting }, null));

  test('has everyone in the order of work, numbered, and says how each is reached', async () => {
    const sheet = (await openWith('vi', WAITING)).sheet('Khách chờ');
    const row = (...titles: string[]) => titles.map((title) => sheet.column(title));
    const [number, name, group, reach] = row(say.number, vi.customer, say.group, say.reach);
    expect(number).toEqual([1, 2, 3, 4, 5, 6]);
    expect(name).toEqual(['Soon', 'Caller', 'Listed by the day', 'Writer', 'Over', 'Visitor']);
    const [soon, next] = ['Hết hạn trước 9:00 22/11', 'Tiếp theo'];
    expect(group).toEqual([soon, next, next, next, next, 'Khách LiveChat không để lại liên hệ']);
    expect(reach).toEqual([
      'Chỉ Messenger',
      'Điện thoại',
      'Điện thoại',
      'Chỉ Zalo',
      'Chỉ tin nhắn thủ công (Messenger)',
      'Không liên hệ được',
    ]);
    expect(sheet.column(say.ticket)[1]).toBe('00204817');
    expect(sheet.column(say.replyBy).map((value) => value && wall(value))).toEqual([
      '2026-11-22 08:05:00',
      '2026-11-22 10:00:10',
      '2026-11-22 09:00:10',
      '2026-11-23 10:00:00',
      '2026-11-22 06:00:00',
      null,
    ]);
  });

  test('has room for who calls and what came of it, edged and with what may be chosen', async () => {
    const { sheet, parts } = await openWith('vi', WAITING);
    const { rows, column, xml } = sheet(sheets.waiting);
    expect(rows[0]?.slice(-2).map(({ value }) => value)).toEqual(['Ai gọi', 'Kết quả']);
    expect([...column('Ai gọi'), ...column('Kết quả')]).toEqual(Array(12).fill(null));
    expect(xml).toContain(
      '<dataValidation type="list" sqref="Q2:Q7" allowBlank="1"><formula1>"Đã liên hệ được,Hẹn gọi lại,Không liên lạc được"</formula1>',
    );
    const cells = [...xml.matchAll(/<c r="([PQ])[2-7]" s="(\d+)"\/>/g)];
    expect(cells.map(([, name]) => name).join('')).toBe('PQ'.repeat(6));
    const styles = parts.get('xl/styles.xml') ?? '';
    expect(new Set(cells.map(([, , style]) => style)).size).toBe(1);
    expect(styles).toMatch(/<left style="thin">/);
    for (const { xml: other, name } of (await openWith('vi', null)).sheets.slice(2)) {
      expect(other.includes('<dataValidation'), name).toBe(false);
    }
  });

  test('is counted on the first sheet, which says up to when it is known, and where it is not', async () => {
    const said = textOf((await openWith('vi', WAITING)).sheets[0]).split('\n');
    const after = (title: string) => said[said.indexOf(title) + 1];
    expect([say.waiting, say.ofWhomSoon('9:00 22/11'), say.ofWhomWithPhone].map(after)).toEqual([
      '6',
      '1',
      '2',
    ]);
    expect(said).toContain(say.asOf('06:05 ngày 22/11/2026'));
    expect(said).toContain(say.unread('Zalo', '06:05 ngày 22/11/2026'));
    const english = textOf((await openWith('en', WAITING)).sheets[0]);
    expect(english).toContain('Of whom expire before 9:00 on 22 Nov');
    expect(english).toContain('is as of 06:05 on 22 Nov 2026');
  });

  test('is the day’s own where it was not found out, which the first sheet says', async () => {
    const opened = await openWith('vi', null);
    expect(opened.sheet(sheets.waiting).column(vi.customer)).toEqual(['Answered', 'Listed by the day']);
    expect(textOf(opened.sheets[0])).toContain(say.onlyOfDay);
  });
});

describe('the file', () => {
  const input = { summary: BUSY_DAY, locale: 'vi', ...ALONE } as const;
  const picked = { holds: 'all', chats: CHATS } as const;

  test('is the same to the byte when it is made again, and dated when the data was complete', async () => {
    const file = await renderWorkbook(input, picked);
    expect(await renderWorkbook(structuredClone(input), structuredClone(picked))).toEqual(file);
    const { properties } = openWorkbook(file);
    expect(properties.match(/2026-11-21T23:00:12Z/g)).toHaveLength(2);
  });

  test('is the same whenever it is made, and by whatever name its account goes', () => {
    const seen = { ...input, waiting: WAITING, seenAt: Date.parse('2026-11-22T11:00:00+07:00') };
    expect(contentHashOf(seen)).toBe(contentHashOf({ ...seen, seenAt: null }));
  });

  test('has a content hash, which no other report’s has', () => {
    const others = [
      { ...input, locale: 'en' } as const,
      { ...input, unusuallyEmpty: ['zalo'] } as const,
      { ...input, summary: { ...BUSY_DAY, contacts: 'full' } } as const,
      { ...input, waiting: WAITING },
      { ...input, waiting: { ...WAITING, asOf: '2026-11-22T06:05:01+07:00' } },
      { ...input, waiting: { ...WAITING, open: { captures: [], failed: [] } } },
    ];
    expect(contentHashOf(structuredClone(input))).toBe(contentHashOf(input));
    expect(new Set([input, ...others].map(contentHashOf)).size).toBe(7);
  });

  test('is one of an empty day too', async () => {
    const opened = await open(EMPTY_DAY);
    expect(textOf(opened.sheets[0])).toContain(vi.noChatsProven);
    expect(opened.sheet(sheets.waiting).rows).toHaveLength(1);
    expect(opened.sheet(sheets.chats).rows).toHaveLength(1);
    expect(opened.sheet(sheets.hours).total(say.figures.missedRate)).toBe(null);
  });

  test('is named after the day, in letters that every mail program knows', () => {
    const day = { day: '2026-11-21' } as const;
    const nameOf = (name: string, locale: Locale) => fileNameOf(WORKBOOK, day, 'proven', { name, locale });
    expect(nameOf('cua-hang-1', 'vi')).toBe('bao-cao-chat-cua-hang-1-2026-11-21.xlsx');
    expect(nameOf('C%C3%B4ng ty/../"\r\n', 'en')).toBe('chat-report-c-c3-b4ng-ty--2026-11-21.xlsx');
    expect(nameOf('', 'en')).toBe('chat-report-2026-11-21.xlsx');
    const partial = fileNameOf(WORKBOOK, day, 'partial', { name: 'cua-hang-1', locale: 'vi' });
    expect(partial).toBe('bao-cao-chat-cua-hang-1-2026-11-21-partial.xlsx');
  });
});

describe('what strangers write', () => {
  test.each([
    ['a formula', '=1+1', '=1+1'],
    ['a number with its sign', '+84901234567', '+84901234567'],
    ['an at sign', '@SUM(A1)', '@SUM(A1)'],
    ['a minus', '-2+3', '-2+3'],
    ['an error of a formula', '#N/A', '#N/A'],
    ['another', '#DIV/0!', '#DIV/0!'],
    ['what the format writes for an A', '_x0041_', '_x0041_'],
    ['that, escaped already', '_x005F_x0041_', '_x005F_x0041_'],
    ['tags', '</t></si><f>1</f>', '</t></si><f>1</f>'],
    ['entities', '&amp;&#0;', '&amp;&#0;'],
    ['characters that no XML holds', 'a\uFFFE\uFFFFb\u0000\u0008\u001F', 'ab'],
    ['half of a character', 'a\uD83Cb', 'a\uFFFDb'],
    ['line breaks', 'a\r\nb', 'a b'],
    ['an emoji', '🌸', '🌸'],
  ])('stays what it is: %s', async (_, text, shown) => {
    const odd = chat({ customerName: text, ticketNo: text, groupName: text, status: 'missed' });
    const day = await dayOf([odd], { byGroup: [keyed(text, undefined, 1, 1)] });
    const opened = await open(day, { holds: 'all', chats: [odd] });
    expect(opened.sheet(sheets.chats).column(vi.customer)).toEqual([shown]);
    expect(opened.sheet(sheets.chats).column(say.ticket)).toEqual([shown]);
    expect(opened.sheet(byGroup.sheet).column(byGroup.one)).toEqual([shown]);
  });

  test('is cut at what a cell holds, and not in the midst of a character', async () => {
    const odd = chat({ customerName: `x${'🌸'.repeat(40_000)}` });
    const [name = ''] = (await open(await dayOf([]), { holds: 'all', chats: [odd] }))
      .sheet(sheets.chats)
      .column(vi.customer);
    expect(String(name)).toHaveLength(32_767);
    expect(String(name).isWellFormed()).toBe(true);
  });

  test('never makes another file than one that every program reads', async () => {
    const hostile = fc.string({
      unit: fc.oneof(anyCharacter, fc.constantFrom(...'=+-@#_x0041"\'<>&]\t\r\n\0\uFFFE\uD800')),
    });
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const odd = chat({
          ...{ conversationId: text, customerName: text, customerPhone: text, customerEmail: text },
          ...{ agentEmail: text, groupName: text, serviceId: text, ticketNo: text },
          landingPage: `https://x.vn/${text}`,
        });
        const contact = { key: text, name: text, phone: text, email: text };
        const day = summary({
          contacts: 'full',
          byAgent: [keyed(text, text, 1, 0)],
          byGroup: [keyed(text, undefined, 1, 0)],
          callbacks: [
            callback(null, 1, '10:00', { customer: contact, ticketNo: text, conversationId: text }),
          ],
        });
        const opened = await open(day, { holds: 'all', chats: [odd] });
        for (const { xml } of opened.sheets) expect(xml).not.toMatch(/<f[ >]|t="(e|b|str)"/);
        for (const sheet of [opened.sheet(sheets.chats), opened.sheet(sheets.waiting)]) {
          for (const cell of sheet.column(say.ticket))
            expect(typeof cell === 'string' || cell === null).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});

test('each sheet comes to the same, whatever the chats of the day', async () => {
  await fc.assert(
    fc.asyncProperty(anyChats, async (chats) => {
      const day = await dayOf(chats, {
        completeness: { verdict: 'proven', channels: { zalo: proven(chats.length) } },
      });
      const opened = await open(day, pageOf(chats));
      const { totals } = day;
      for (const name of [sheets.hours, ...listed]) {
        const sheet = opened.sheet(name);
        for (const [title, of] of [
          [say.figures.chats, totals.chats],
          [say.figures.answered, totals.answered],
          [say.figures.missed, totals.missed],
          [say.figures.other, totals.other],
        ] as const) {
          expect([sum(sheet.column(title)), sheet.total(title)], `${name}: ${title}`).toEqual([of, of]);
        }
      }
      const rows = opened.sheet(sheets.chats);
      const statuses = rows.column(say.status);
      expect(statuses.filter((status) => status === say.statuses.missed)).toHaveLength(totals.missed);
      expect(statuses).toHaveLength(totals.chats);
      const waited = rows.column(say.wait).map((value) => seconds(value) ?? 0);
      expect(sum(waited)).toBe(totals.waitSeconds.sum + totals.abandonWaitSeconds.sum);
      expect(sum(rows.column(say.duration).map((value) => seconds(value) ?? 0))).toBe(
        totals.durationSeconds.sum,
      );
      expect(opened.sheet(sheets.waiting).column(say.conversationId)).toEqual(
        everyoneIn(toWorkList(day, null)).map(({ conversationId }) => conversationId),
      );
    }),
    { numRuns: 30 },
  );
});

function textOf(sheet: OpenedSheet | undefined): string {
  return (sheet?.rows ?? []).flatMap((row) => row.map(({ value }) => value)).join('\n');
}
