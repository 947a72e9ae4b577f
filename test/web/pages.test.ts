import { HtmlValidate } from 'html-validate';
import { describe, expect, it, test } from 'vitest';
import { daysFrom } from '../../functions/calendar/day.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { anyCharacter, fc } from '../property.ts';
import { BUSY_DAY } from '../report/busy-day.ts';
import { byHour, callback, figures, keyed, summary, unproven } from '../report/fixture.ts';
import { hugeDay } from '../report/huge-day.ts';
import { memoryLake } from './memory-lake.ts';
import { openPages } from './open-pages.ts';
import {
  FAILED_DAY,
  MISSING_DAY,
  NEWEST,
  NOW,
  ONE_CHAT_DAY,
  tenWeeks,
  UNPROVEN_DAY,
  writeRun,
  writeSummary,
  ZERO_DAY,
} from './ten-weeks.ts';

const LAKE = tenWeeks();

/** What a reader sees and hears, without the markup. */
function textOf(html: string): string {
  return html
    .replaceAll(/<title>.*?<\/title>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/\s+/g, ' ');
}

/** Who waits, as a page lists them. */
function customersIn(html: string): { number: number; name: string }[] {
  return [...html.matchAll(/<div class="work"><div><b>(\d+)\. (.*?)<\/b>/g)].map(([, number, name = '']) => ({
    number: Number(number),
    name,
  }));
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, place) => place + 1);
}

/** The cell of a day in the calendar. */
function cellOf(html: string, label: string): string {
  const cell = html.split('<td>').find((text) => text.includes(`${label}: `)) ?? '';
  return cell.slice(0, cell.indexOf('</td>'));
}

describe('The calendar', () => {
  test('shows the month of the newest report, each day by colour, rate and number of chats', async () => {
    const { html } = await openPages(LAKE).page('/');
    expect(textOf(html)).toContain('Tháng 11/2026');
    const cell = cellOf(html, 'Thứ Bảy, 21/11/2026');
    expect(cell).toContain('href="/days/2026-11-21"');
    expect(cell).toContain('class="day s2"');
    expect(textOf(cell)).toContain('tỷ lệ nhỡ 10,3% 681 chat');
  });

  test('tells apart what is proven to be zero, unproven, failed, not there, today and yet to come', async () => {
    const { html } = await openPages(LAKE).page('/?lang=en');
    const said = (label: string): string => textOf(cellOf(html, label)).trim();
    expect(said('Sunday, 01 Nov 2026')).toMatch(/– 0 chats$/);
    expect(said('Sunday, 08 Nov 2026')).toMatch(/missed rate 0% 1 chat$/);
    expect(said('Thursday, 12 Nov 2026')).toMatch(/not proven$/);
    expect(said('Monday, 16 Nov 2026')).toMatch(/the run failed$/);
    expect(said('Thursday, 05 Nov 2026')).toMatch(/no report$/);
    expect(said('Sunday, 22 Nov 2026')).toMatch(/today$/);
    expect(said('Monday, 23 Nov 2026')).toMatch(/yet to come$/);
  });

  test('has no colour and no rate for a day on which the status of many chats is not known', async () => {
    const lake = memoryLake();
    const totals = figures(200, 0, 4);
    const hours = byHour({ 9: [200, 0] });
    writeSummary(lake, summary({ totals, byChannel: { zalo: totals }, byHour: hours, callbacks: [] }));
    const { page } = openPages(lake);
    const { html } = await page('/?lang=en');
    const cell = cellOf(html, 'Saturday, 21 Nov 2026');
    expect(cell).toContain('class="day"');
    expect(textOf(cell)).toMatch(/\? missed rate not known 200 chats $/);
    expect(textOf(html)).toContain('? missed rate not known');
    const trends = textOf((await page('/trends?lang=en')).html);
    expect(textOf(html) + trends).not.toMatch(/\b0%|0 of 196/);
    expect(trends).toMatch(/21 Nov 200 0 – – 58 s –/);
  });

  test('says below what each sign means that stands in it, and of no other', async () => {
    const legendOf = (html: string) =>
      [...html.matchAll(/<p class="legend muted">(.*?)<\/p>/gs)].map(([, said = '']) => textOf(said).trim());
    expect(legendOf((await openPages(LAKE).page('/?lang=en')).html)).toEqual([
      'Shaded by missed rate: none missed &lt;10% ≥10% ≥20% (from 5 missed) ! not proven × the run failed',
      '* provisional, will be read again',
    ]);
    expect(legendOf((await openPages(LAKE).page('/?month=2026-09&lang=en')).html)).toEqual([
      'Shaded by missed rate: none missed &lt;10% ≥10% ≥20% (from 5 missed)',
    ]);
    const lake = memoryLake();
    expect(legendOf((await openPages(lake).page('/?month=2026-11&lang=en')).html)).toEqual([]);
    writeRun(lake, UNPROVEN_DAY, 'unproven');
    writeRun(lake, '2026-11-21', 'running');
    expect(legendOf((await openPages(lake).page('/?month=2026-11&lang=en')).html)).toEqual([
      '! not proven … running',
    ]);
  });

  test('adds the month up', async () => {
    const lake = memoryLake();
    writeSummary(lake, summary({ day: '2026-11-20', byHour: byHour({ 9: [100, 10] }) }));
    writeSummary(lake, summary({ day: '2026-11-21', byHour: byHour({ 9: [300, 20] }) }));
    const { html } = await openPages(lake).page('/?lang=en');
    expect(textOf(html)).toContain('Missed rate of the month 7.5% 30 of 400 chats missed');
    expect(textOf(html)).toContain('Chats 400 200 a day on average');
    expect(textOf(html)).toContain('Day with the most missed 21 Nov 20 of 300 chats missed (6.7%)');
    expect(textOf(html)).toContain('Days with a report 2 of 21 days so far');
  });

  test.each([
    [
      'before one with a higher rate',
      { '2026-11-10': [40, 8], '2026-11-11': [1_000, 100], '2026-11-12': [200, 20] },
      ['11 Nov 100 of 1,000 chats missed (10%)', '11/11 nhỡ 100/1.000 chat (10%)'],
    ],
    [
      'and of equals that with the higher rate',
      { '2026-11-10': [400, 20], '2026-11-11': [100, 20], '2026-11-12': [200, 20] },
      ['11 Nov 20 of 100 chats missed (20%)', '11/11 nhỡ 20/100 chat (20%)'],
    ],
    [
      'and of equals in both the later',
      { '2026-11-10': [100, 20], '2026-11-11': [100, 20], '2026-11-12': [200, 19] },
      ['11 Nov 20 of 100 chats missed (20%)', '11/11 nhỡ 20/100 chat (20%)'],
    ],
  ] as const)('names the day with the most missed chats, %s', async (_title, days, [en, vi]) => {
    const lake = memoryLake();
    for (const [day, chats] of Object.entries(days)) {
      writeSummary(lake, summary({ day, byHour: byHour({ 9: chats }) }));
    }
    const pages = openPages(lake);
    const said = async (lang: string) => textOf((await pages.page(`/?month=2026-11&lang=${lang}`)).html);
    expect(await said('en')).toContain(`Day with the most missed ${en}`);
    expect(await said('vi')).toContain(`Ngày nhỡ nhiều chat nhất ${vi}`);
  });

  test('has the colour of a warning for what is missing, and not for what was missed', async () => {
    const lake = memoryLake();
    writeSummary(lake, summary({ day: '2026-11-20', byHour: byHour({ 9: [100, 60] }) }));
    const pages = openPages(lake);
    for (const path of ['/', '/?year=2026', '/search?q=ng'])
      expect((await pages.page(path)).html).not.toMatch(/class="[^"]*\b(bad|alert|open)\b/);
    writeRun(lake, UNPROVEN_DAY, 'unproven');
    expect((await pages.page('/')).html).toMatch(/class="day open"/);
  });

  test('names no day where few were missed on each', async () => {
    const lake = memoryLake();
    writeSummary(lake, summary({ day: '2026-11-20', byHour: byHour({ 9: [5, 4] }) }));
    expect(textOf((await openPages(lake).page('/?lang=en')).html)).not.toContain('the most missed');
  });

  test('marks a day that will be read again, wherever its figures stand', async () => {
    const lake = tenWeeks();
    writeSummary(lake, { ...BUSY_DAY, looks: { state: 'provisional', last: '2026-11-28' } });
    const { page } = openPages(lake);
    const calendar = (await page('/?lang=en')).html;
    expect(textOf(cellOf(calendar, 'Saturday, 21 Nov 2026'))).toContain('10.3% * (provisional) 681 chats');
    expect(textOf(calendar)).toContain('* provisional, will be read again');
    expect(textOf((await page('/trends?lang=en')).html)).toContain('10.3% * (provisional) 71.7%');
    const day = textOf((await page(`/days/${NEWEST}?lang=en`)).html);
    expect(day).toContain('Saturday, 21 Nov 2026 · provisional');
    expect(textOf((await page('/days/2026-11-17?lang=en')).html)).not.toContain('rovisional');
  });

  test('leads from month to month, not beyond this one', async () => {
    const pages = openPages(LAKE);
    const now = (await pages.page('/')).html;
    expect(now).toContain('rel="prev" href="/?month=2026-10"');
    expect(now).not.toContain('rel="next"');
    const before = (await pages.page('/?month=2026-10')).html;
    expect(before).toContain('rel="next" href="/?month=2026-11"');
    expect((await pages.page('/?month=2026-01')).html).toContain('rel="prev" href="/?month=2025-12"');
  });

  test('says in words that a month, or the whole lake, is empty', async () => {
    expect(textOf((await openPages(LAKE).page('/?month=2026-03')).html)).toContain(
      'Tháng này chưa có báo cáo nào. Xem báo cáo mới nhất: 21/11/2026',
    );
    const { status, html } = await openPages(memoryLake()).page('/');
    expect(status).toBe(200);
    expect(textOf(html)).toContain(
      'Chưa có báo cáo nào. Báo cáo đầu tiên được lập bằng lệnh: chat-report run',
    );
  });

  test.each(['nonsense', '2026-13', '2026-00', '1999-12', '<script>', ''])(
    'takes the month "%s" for none at all',
    async (month) => {
      const { status, html } = await openPages(LAKE).page(`/?month=${encodeURIComponent(month)}`);
      expect(status).toBe(200);
      expect(textOf(html)).toContain('Tháng 11/2026');
    },
  );

  test('knows the leap day, and on which weekday a month begins', async () => {
    const { html } = await openPages(LAKE).page('/?month=2028-02&lang=en');
    expect(html).toContain('Tuesday, 29 Feb 2028');
    expect(html).not.toContain('Feb 2028: </span></a></td><td></td>');
    const firstWeek = html.split('<tbody>')[1]?.split('</tr>')[0] ?? '';
    expect(firstWeek.match(/<td><\/td>/g)).toHaveLength(1);
    expect((await openPages(LAKE).page('/?month=2027-02&lang=en')).html).not.toContain('29 Feb');
  });

  test.each([
    ['before the clocks go back', '2026-11-01T04:30:00Z'],
    ['an hour before midnight of the day that is an hour longer', '2026-11-02T04:30:00Z'],
  ])('knows which day it is in the zone, %s', async (_, now) => {
    const { html } = await openPages(LAKE, { timeZone: 'America/New_York', now: Date.parse(now) }).page(
      '/?month=2026-11&lang=en',
    );
    expect(textOf(cellOf(html, 'Monday, 02 Nov 2026'))).toContain('650 chats');
    const lake = memoryLake();
    const empty = await openPages(lake, { timeZone: 'America/New_York', now: Date.parse(now) }).page(
      '/?lang=en',
    );
    expect(textOf(cellOf(empty.html, 'Sunday, 01 Nov 2026'))).toMatch(/today\s*$/);
  });

  test('reads each summary once, and none of another month', async () => {
    const lake = tenWeeks();
    await openPages(lake).page('/');
    const summaries = lake.reads.filter((key) => key.endsWith('summary.json'));
    expect(new Set(summaries).size).toBe(summaries.length);
    expect(summaries).toHaveLength(18);
    expect(summaries.every((key) => key.includes('dt=2026-11'))).toBe(true);
  });

  test('takes a summary that cannot be read for none', async () => {
    const lake = tenWeeks();
    lake.write(`reports/dt=${NEWEST}/summary.json`, '{"schema":"chat-rep');
    const { html } = await openPages(lake).page('/?lang=en');
    expect(textOf(cellOf(html, 'Saturday, 21 Nov 2026'))).toMatch(/no report\s*$/);
  });
});

describe('The page of a day', () => {
  test('has the report with everyone who waits, and the days before and after', async () => {
    const { status, html } = await openPages(LAKE).page('/days/2026-11-20');
    expect(status).toBe(200);
    expect(html).toContain('rel="prev" href="/days/2026-11-19"');
    expect(html).toContain('rel="next" href="/days/2026-11-21"');
    expect(html).toContain('href="/?month=2026-11"');
    const newest = (await openPages(LAKE).page(`/days/${NEWEST}`)).html;
    expect(newest).not.toContain('rel="next"');
    expect(textOf(newest)).toContain(' 28 khách chưa được trả lời trong ngày');
    expect(customersIn(newest).map(({ number }) => number)).toEqual(upTo(28));
  });

  test('finds its neighbours over gaps, months and years', async () => {
    const lake = memoryLake();
    for (const day of ['2024-06-01', '2025-12-31', '2026-01-01', '2026-09-09']) {
      writeSummary(lake, summary({ day }));
    }
    const { page } = openPages(lake);
    const around = async (day: string) => {
      const { html } = await page(`/days/${day}`);
      return [...html.matchAll(/rel="(?:prev|next)" href="\/days\/([^"]*)"/g)].map(([, found]) => found);
    };
    expect(await around('2024-06-01')).toEqual(['2025-12-31']);
    expect(await around('2026-01-01')).toEqual(['2025-12-31', '2026-09-09']);
    expect(await around('2025-12-31')).toEqual(['2024-06-01', '2026-01-01']);
    expect(await around('2026-09-09')).toEqual(['2026-01-01']);
  });

  test('says of an unproven day what was found and why, and holds no figure of it', async () => {
    const { status, html } = await openPages(LAKE).page(`/days/${UNPROVEN_DAY}?lang=en`);
    expect(status).toBe(200);
    const said = textOf(html);
    expect(said).toContain('No chat report yet for Thu 12 Nov 2026.');
    const [manager = '', operators] = said.split('For the engineer who runs the system');
    expect(manager).toContain('CareSoft returned fewer chats than it says there are, so ');
    expect(manager).toContain('Missed chats of Thu 12 Nov 2026: open CareSoft');
    expect(manager).not.toMatch(/chat-report run|rows-missing|walk 3/);
    expect(operators).toContain('rows-missing Why: CareSoft returned fewer chats than it states itself.');
    expect(said).toContain('chat-report run --day 2026-11-12');
    expect(said).not.toContain('%');
  });

  test('finds in the captures what an older record does not say', async () => {
    const lake = memoryLake();
    writeRun(lake, UNPROVEN_DAY, 'unproven', { completeness: undefined });
    const counts = unproven('rows-missing').completeness.channels.messenger;
    lake.write(`raw/chats/dt=${UNPROVEN_DAY}/channel=zalo/capture=c1/manifest.json`, {
      ...counts,
      schema: 'chat-report/capture/1',
      captureId: 'c1',
      day: UNPROVEN_DAY,
      channel: 'zalo',
      source: 'https://api.caresoft.vn/bepviet',
      timeZone: 'Asia/Ho_Chi_Minh',
      query: '',
      clock: 'local',
      walk: 3,
      startedAt: '2026-11-13T00:15:00.000Z',
      endedAt: '2026-11-13T00:16:00.000Z',
      pages: [],
      chats: 315,
      rejectedReasons: {},
      drift: { unknownFields: {}, unknownStatuses: {}, unreadable: {} },
      fingerprint: 'f',
    });
    const said = textOf((await openPages(lake).page(`/days/${UNPROVEN_DAY}?lang=en`)).html);
    expect(said).toContain('Zalo rows-missing Why: CareSoft returned fewer chats than it states itself.');
    expect(said).toContain('LiveChat, Messenger Why: It is not known why this channel could not be proven.');
  });

  test('takes the last of several tries', async () => {
    const lake = memoryLake();
    writeRun(lake, FAILED_DAY, 'failed');
    const id = `bepviet-${FAILED_DAY}-0123456789ab`;
    lake.write(`runs/${id}.json`, {
      schema: 'chat-report/run/1',
      id,
      day: FAILED_DAY,
      state: 'running',
      startedAt: '2026-11-21T22:00:00.000Z',
      endedAt: null,
      versions: {},
      steps: [],
    });
    const said = textOf((await openPages(lake).page(`/days/${FAILED_DAY}?lang=en`)).html);
    expect(said).toContain(
      'The chat report for 16 Nov 2026 is being made. The run began at 05:00 on 22 Nov 2026, Vietnam time',
    );
  });

  test('does not wait for a run that was stopped long ago', async () => {
    const lake = memoryLake();
    writeRun(lake, FAILED_DAY, 'running');
    const said = textOf((await openPages(lake).page(`/days/${FAILED_DAY}?lang=en`)).html);
    expect(said).toContain('The last run broke off.');
  });

  test.each([
    ['a day without a report', `/days/${MISSING_DAY}`, 'No one has asked for a report of this day yet.'],
    ['today', '/days/2026-11-22', 'A day is reported once it is over.'],
    ['a day to come', '/days/2030-01-01', 'A day is reported once it is over.'],
    ['no day of the calendar', '/days/2026-02-30', 'This address names no day'],
    ['a day before all', '/days/0001-01-01', 'This address names no day'],
    ['no day at all', '/days/%3Cscript%3E', 'This address names no day'],
    ['a way out of the lake', '/days/..%2F..%2Fraw', 'This address names no day'],
    ['an address below a day', `/days/${NEWEST}/secrets`, 'There is no such page.'],
    ['nothing', '/nowhere', 'There is no such page.'],
  ])('is a 404 in words for %s', async (_, path, says) => {
    const { status, html } = await openPages(LAKE).page(`${path}?lang=en`);
    expect(status).toBe(404);
    expect(textOf(html)).toContain(says);
  });

  test('leads to the same report as JSON, as text and as a workbook', async () => {
    const lake = tenWeeks();
    const { app } = openPages(lake);
    const json = await app.request(`/days/${NEWEST}/json`);
    expect(json.headers.get('content-type')).toBe('application/json');
    expect(await json.json()).toEqual(BUSY_DAY);
    expect(await (await app.request(`/days/${NEWEST}/text`)).text()).toMatch(/^BÁO CÁO CHAT 21\/11\/2026\n/);
    lake.write(`reports/dt=${NEWEST}/report.xlsx`, 'the workbook');
    const workbook = await app.request(`/days/${NEWEST}/workbook`);
    expect(workbook.headers.get('content-disposition')).toMatch(/^attachment; filename="[a-z-]+2026-/);
    expect(await workbook.text()).toBe('the workbook');
    const page = await (await app.request(`/days/${NEWEST}?lang=vi`)).text();
    expect(page).toContain(`<a href="/days/${NEWEST}/workbook">Tệp Excel</a>`);
    expect((await app.request(`/days/${MISSING_DAY}/json`)).status).toBe(404);
  });

  test('leads from its top to each of its parts, the customers among them', async () => {
    for (const day of [NEWEST, ZERO_DAY]) {
      const { html } = await openPages(LAKE).page(`/days/${day}?lang=en`);
      const jumps = [...html.matchAll(/<a href="#([a-z-]+)">/g)].map(([, id]) => id);
      expect(jumps).toContain('waiting');
      for (const id of jumps) expect(html).toContain(` id="${id}"`);
      const headed = [...html.matchAll(/<h2 id="([a-z-]+)"/g)].map(([, id]) => id);
      expect(jumps).toEqual(headed);
    }
    const { html } = await openPages(LAKE).page(`/days/${NEWEST}?lang=en`);
    for (const id of ['hours', 'channels', 'causes', 'agents', 'groups', 'services', 'landing-pages'])
      expect(html).toContain(`<h2 id="${id}">`);
  });

  test('is no larger than a phone can show, whatever its lists hold', async () => {
    const lake = memoryLake();
    writeSummary(lake, hugeDay('W'.repeat(500)));
    const { html } = await openPages(lake).page(`/days/${NEWEST}?lang=en`);
    expect(html.length).toBeLessThan(500_000);
  });

  test('parts the longest lists into pages that lead to each of their rows, once', async () => {
    const lake = memoryLake();
    const [first] = BUSY_DAY.callbacks;
    if (first === undefined) throw new Error('It has no customer.');
    const callbacks = Array.from({ length: 734 }, (_, place) => ({
      ...first,
      customer: { key: `id:${place}`, name: `Khách ${place}`, phone: null, email: null },
    }));
    const byAgent = Array.from({ length: 301 }, (_, place) => keyed(`a${place}`, `Agent ${place}`, 10, 1));
    writeSummary(lake, { ...BUSY_DAY, byAgent, callbacks });
    const { page } = openPages(lake);
    const walk = async <Row>(list: string, rowsIn: (html: string) => Row[]): Promise<Row[]> => {
      const rows: Row[] = [];
      const next = new RegExp(`rel="next" href="(\\?[^"]*${list}=\\d+[^"]*)#${list}"`);
      for (let query: string | undefined = '?lang=en'; query !== undefined; ) {
        const { html }: { html: string } = await page(`/days/${NEWEST}${query}`);
        const shown = rowsIn(html);
        expect(shown.length).toBeLessThanOrEqual(100);
        rows.push(...shown);
        query = next.exec(html)?.[1]?.replaceAll('&amp;', '&');
      }
      return rows;
    };
    const customers = await walk('waiting', customersIn);
    expect(customers.map(({ number }) => number)).toEqual(upTo(734));
    expect(new Set(customers.map(({ name }) => name)).size).toBe(734);
    const agents = await walk('agents', (html) => {
      const [, list = ''] = html.split('<h2 id="agents">');
      return [...(list.split('</table>')[0] ?? '').matchAll(/<th scope="row">(.*?)<\/th>/g)].map(
        ([, name = '']) => name,
      );
    });
    expect(agents).toHaveLength(301);
    expect(new Set(agents).size).toBe(301);
  });

  test.each([
    ['2', '101–200 of 300'],
    ['3', '201–300 of 300'],
    ['99', '201–300 of 300'],
    ['0', '1–100 of 300'],
    ['-1', '1–100 of 300'],
    ['1e1', '1–100 of 300'],
    ['<script>', '1–100 of 300'],
  ])('of the page "%s" of a list shows %s, and keeps the other lists where they are', async (asked, says) => {
    const lake = memoryLake();
    const byAgent = Array.from({ length: 300 }, (_, place) => keyed(`a${place}`, `Agent ${place}`, 10, 1));
    writeSummary(lake, { ...BUSY_DAY, byAgent, byGroup: byAgent });
    const { html } = await openPages(lake).page(
      `/days/${NEWEST}?agents=${encodeURIComponent(asked)}&groups=2&lang=en`,
    );
    expect(textOf(html)).toContain(says);
    expect(textOf(html)).toContain('101–200 of 300');
    expect(html).toMatch(/href="\?agents=[^"]*&amp;groups=3&amp;lang=en#groups"/);
  });

  test('has no number of those who wait where it is not known whether any does', async () => {
    const lake = memoryLake();
    const totals = figures(200, 0, 4);
    writeSummary(lake, summary({ totals, byChannel: { zalo: totals }, callbacks: [] }));
    const { page } = openPages(lake);
    const said = async (lang: string) => textOf((await page(`/days/${NEWEST}?lang=${lang}`)).html);
    expect(await said('en')).toContain(
      ' Customers waiting Some chats have a status that is not known, so it is not known who is waiting.',
    );
    expect(await said('vi')).toContain(
      ' Khách đang chờ Một số chat có trạng thái chưa rõ, nên chưa biết khách nào đang chờ.',
    );
    expect((await said('en')) + (await said('vi'))).not.toMatch(/\b0 (customers|khách)/);
  });

  test.each([
    [
      'whose missed customers all were answered',
      [100, 3],
      'Everyone with a missed chat was answered on the day.',
    ],
    ['on which none was missed', [100, 0], 'No chat was missed on this day.'],
    ['without a chat', [0, 0], 'No chat was missed on this day.'],
  ] as const)('does not say that no one waits by now of a day %s', async (_, chats, says) => {
    const lake = memoryLake();
    writeSummary(lake, summary({ byHour: byHour({ 9: chats }), callbacks: [] }));
    const said = textOf((await openPages(lake).page(`/days/${NEWEST}?lang=en`)).html);
    expect(said).toContain(` Customers waiting ${says} `);
    expect(said).not.toContain('No customer is waiting');
  });

  test('has no empty line above those of whom none can be called', async () => {
    const lake = memoryLake();
    const customer = { key: 'id:1', name: 'Lan', phone: null, email: null };
    writeSummary(lake, summary({ callbacks: [callback('Lan', 1, '23:10', { customer })] }));
    const { html } = await openPages(lake).page(`/days/${NEWEST}?lang=en`);
    expect(customersIn(html)).toEqual([{ number: 1, name: 'Lan' }]);
    expect(html).not.toMatch(/<p[^>]*>(\s|<b><\/b>)*<\/p>/);
  });

  test('tells two agents of one name apart', async () => {
    const { html } = await openPages(LAKE).page(`/days/${NEWEST}`);
    expect(html).toContain('Vũ Ngọc Ẩn (an@shop.vn)');
    expect(html).toContain('Vũ Ngọc Ẩn (an2@shop.vn)');
  });

  test('cannot be altered by what strangers call themselves', async () => {
    const lake = memoryLake();
    const tagsOf = async (text: string): Promise<string[]> => {
      writeSummary(lake, named(text));
      const { html } = await openPages(lake).page(`/days/${NEWEST}`);
      return html.match(/<[^\s>]*/g) ?? [];
    };
    const tags = await tagsOf('name');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: anyCharacter, maxLength: 60 }), async (text) => {
        expect(await tagsOf(`<script>alert(1)</script>"'&${text}`)).toEqual(tags);
      }),
      { numRuns: 50 },
    );
  });
});

/** A day on which everything that strangers name is called the same. */
function named(text: string): Summary {
  const rows = [keyed(text, text, 20, 4), keyed(`${text}2`, `${text}2`, 10, 1)];
  const customer = { key: text, name: text, phone: text, email: text };
  const [first] = BUSY_DAY.callbacks;
  const callbacks = first ? [{ ...first, customer, ticketNo: text }] : [];
  return { ...BUSY_DAY, byAgent: rows, byGroup: rows, byService: rows, byLandingPage: rows, callbacks };
}

describe('The trends', () => {
  test('cover eight weeks up to yesterday, newest first, with every figure in a table', async () => {
    const { html } = await openPages(LAKE).page('/trends?lang=en');
    expect(textOf(html)).toContain('27 Sept 2026 – 21 Nov 2026');
    const rows = html.split('The figures')[1]?.split('<tr>').slice(2) ?? [];
    expect(rows).toHaveLength(56);
    expect(textOf(rows[0] ?? '')).toContain('Sat 21 Nov 681 70 10.3% 71.7% 58 s 28');
  });

  test('leave out a day without a report, and show one at zero as zero', async () => {
    const { html } = await openPages(LAKE).page('/trends?lang=en');
    const rowOf = (label: string): string =>
      textOf(html.split('<tr>').find((row) => row.includes(`>${label}<`)) ?? '').trim();
    expect(rowOf('Thu 05 Nov')).toBe('Thu 05 Nov no report');
    expect(rowOf('Thu 12 Nov')).toBe('Thu 12 Nov not proven');
    expect(rowOf('Sun 01 Nov')).toBe('Sun 01 Nov 0 0 – – – 0');
    expect(html).toContain(
      '<title>Sun 01 Nov: 0</title><rect class="room" x="351" width="8" height="100"/><rect class="fill"',
    );
    expect(html).toContain(
      '<title>Thu 05 Nov: no report</title><rect class="room" x="391" width="8" height="100"/><rect class="gap"',
    );
    expect(textOf(html)).toContain('3 days without a report, which is not zero');
  });

  test('hold the last seven days against the seven before, and the weekdays against each other', async () => {
    const lake = memoryLake();
    for (const [index, day] of daysFrom('2026-11-08', '2026-11-21').entries()) {
      writeSummary(lake, summary({ day, byHour: byHour({ 9: index < 7 ? [100, 20] : [200, 20] }) }));
    }
    const said = textOf((await openPages(lake).page('/trends?weeks=4&lang=en')).html);
    expect(said).toContain('Missed rate 10% before: 20%');
    expect(said).toContain('Chats 1,400 before: 700');
    expect(said).toContain('Monday 150 13.3%');
  });

  test.each([
    ['4', 28],
    ['26', 182],
    ['1', 7],
    ['27', 56],
    ['0', 56],
    ['-8', 56],
    ['8e1', 56],
    ['', 56],
  ])('of weeks=%s are of %i days', async (weeks, days) => {
    const { html } = await openPages(LAKE).page(`/trends?weeks=${weeks}&lang=en`);
    expect(html.split('The figures')[1]?.split('<tr>').slice(2)).toHaveLength(days);
  });

  test('end at the newest report where it is older than all of the weeks', async () => {
    const { html } = await openPages(LAKE, { now: NOW + 90 * 86_400_000 }).page('/trends?weeks=4&lang=en');
    expect(textOf(html)).toContain('25 Oct 2026 – 21 Nov 2026');
  });

  test('cross a year, and say in words that there is nothing', async () => {
    const lake = memoryLake();
    for (const day of daysFrom('2025-12-20', '2026-01-09')) writeSummary(lake, summary({ day }));
    const now = Date.parse('2026-01-10T06:00:00+07:00');
    const { html } = await openPages(lake, { now }).page('/trends?weeks=4&lang=en');
    const table = html.split('The figures')[1] ?? '';
    expect(table.match(/<td class="number">100<\/td>/g)).toHaveLength(21);
    expect(textOf((await openPages(memoryLake()).page('/trends')).html)).toContain(
      'Khoảng này chưa có báo cáo nào.',
    );
  });

  test('read each summary once, and none twice for the charts', async () => {
    const lake = tenWeeks();
    await openPages(lake).page('/trends?weeks=26');
    const summaries = lake.reads.filter((key) => key.endsWith('summary.json'));
    expect(new Set(summaries).size).toBe(summaries.length);
    expect(summaries).toHaveLength(67);
  });
});

describe('Every page', () => {
  const PATHS = [
    '/',
    '/?month=2026-09',
    '/?month=2026-01',
    '/?year=2026',
    '/?year=2024',
    '/trends',
    '/trends?weeks=26',
    `/days/${NEWEST}`,
    `/days/${ZERO_DAY}`,
    `/days/${ONE_CHAT_DAY}`,
    `/days/${UNPROVEN_DAY}`,
    `/days/${FAILED_DAY}`,
    `/days/${MISSING_DAY}`,
    `/days/${NEWEST}?with=2026-11-14`,
    `/days/${NEWEST}?with=${MISSING_DAY}`,
    '/search',
    '/search?q=ng',
    '/search?q=x',
    '/nowhere',
  ];

  // To make it takes longer than to validate most pages.
  const validator = new HtmlValidate({ extends: ['html-validate:recommended'] });

  test.each(PATHS)('%s is valid HTML in either language', async (path) => {
    for (const lang of ['vi', 'en']) {
      const { html } = await openPages(LAKE).page(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
      const report = await validator.validateString(html);
      expect(
        report.results.flatMap(({ messages }) =>
          messages.map(({ ruleId, message, line }) => `${line}: ${message} (${ruleId})`),
        ),
      ).toEqual([]);
      expect(html).toContain(`<html lang="${lang}">`);
      expect(html).not.toMatch(/undefined|NaN|\[object|style=/);
    }
  });

  test('may load nothing but our own, and is kept by its reader alone', async () => {
    const { app } = openPages(LAKE);
    const { headers } = await app.request('/');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'self'; img-src 'self';/,
    );
    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('vary')).toContain('Accept-Language');
  });

  test('is not sent again to who has it', async () => {
    const { app } = openPages(LAKE);
    for (const path of ['/', '/trends', `/days/${NEWEST}`]) {
      const first = await app.request(path);
      const etag = first.headers.get('etag') ?? '';
      const again = await app.request(path, { headers: { 'if-none-match': etag } });
      expect([path, again.status]).toEqual([path, 304]);
    }
  });

  test('has a stylesheet that is named by its content, and may be kept', async () => {
    const { app, page } = openPages(LAKE);
    const { html } = await page('/');
    const path = /href="(\/pages\.[0-9a-f]{12}\.css)"/.exec(html)?.[1] ?? '';
    const sheet = await app.request(path);
    expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(sheet.headers.get('cache-control')).toContain('immutable');
    expect((await app.request('/favicon.svg')).headers.get('content-type')).toBe('image/svg+xml');
  });

  test('says that something went wrong, and nothing of what', async () => {
    const lake = tenWeeks();
    const broken = {
      ...lake,
      get: () => Promise.reject(new Error('the secret of customer 0912345678')),
    };
    const { page, logged } = openPages(broken);
    for (const path of ['/', '/trends', `/days/${NEWEST}`]) {
      const { status, html } = await page(path);
      expect(status).toBe(500);
      expect(textOf(html)).toContain('Trang này đang gặp lỗi.');
      expect(html).not.toContain('secret');
    }
    expect(logged).toHaveLength(3);
    expect(logged[0]).toMatchObject({ event: 'request-failed', route: 'a page' });
  });

  test('leaves to the API whoever wants no page', async () => {
    const { app } = openPages(LAKE);
    const answer = await app.request('/nowhere', { headers: { accept: 'application/json' } });
    expect(answer.headers.get('content-type')).toContain('json');
    expect((await app.request('/reports')).status).toBe(200);
  });

  describe('speaks the language', () => {
    it.each([
      ['that the address asks for', '/?lang=en', 'vi', 'en'],
      ['that the browser likes best', '/', 'fr, en;q=0.7, vi-VN;q=0.8', 'vi'],
      ['that the browser likes at all', '/', 'en-US,en;q=0.5', 'en'],
      ['of the account where the browser likes neither', '/', 'fr, en;q=0', 'vi'],
      ['of the account where nothing is said', '/', '', 'vi'],
      ['of the browser where the address asks for one there is not', '/?lang=fr', 'en', 'en'],
    ])('%s', async (_, path, accepted, lang) => {
      const { html } = await openPages(LAKE).page(path, { 'accept-language': accepted });
      expect(html).toContain(`<html lang="${lang}">`);
    });

    it('that was chosen, on every page that it leads to', async () => {
      for (const path of ['/', '/trends', `/days/${NEWEST}`, `/days/${UNPROVEN_DAY}`]) {
        const { html } = await openPages(LAKE).page(`${path}?lang=en`);
        const links = [...html.matchAll(/href="(\/(?:days|trends)?[^"./]*(?:\/[\d-]+)?(?:\?[^"]*)?)"/g)].map(
          ([, href]) => href,
        );
        expect(links.length).toBeGreaterThan(2);
        expect(links.filter((href) => !(href?.includes('lang=en') || href?.startsWith('/reports')))).toEqual(
          [],
        );
      }
    });

    it('the same page in the other one, whatever it asks for besides', async () => {
      const { html } = await openPages(LAKE).page('/trends?weeks=4');
      expect(html).toContain('href="?weeks=4&amp;lang=en"');
    });
  });
});
