import { describe, expect, test } from 'vitest';
import { addDays, daysFrom } from '../../functions/calendar/day.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { type Digest, digestOf, staleDigestOf } from '../../functions/report/digest.ts';
import { toJsonText } from '../../functions/text/write-json.ts';
import { fc } from '../property.ts';
import { callback, summary } from '../report/fixture.ts';
import { memoryLake } from '../web/memory-lake.ts';

const DAY = '2026-11-21';
const current = (of: Summary): Digest => digestOf(of, { state: 'current', locale: 'vi', workbook: null });

function openReports() {
  const lake = memoryLake();
  const put = (path: string, value: unknown) => lake.write(`reports/dt=${path}`, value);
  return { reports: new ReportReader(lake), read: lake.reads, put };
}

describe('a digest', () => {
  test('is read in place of the summary, which it stands for, and is no longer for more chats', () => {
    const of = (customers: number) =>
      current(
        summary({ callbacks: Array.from({ length: customers }, (_, at) => callback(`K${at}`, 1, '09:00')) }),
      );
    const length = (digest: Digest) => toJsonText(digest).length;
    expect(length(of(9_000)) - length(of(1_000))).toBe(0);
  });

  test('tells lists and later days all that they ask: no summary is read for a year, nor for what a report is compared with', async () => {
    const { reports, read, put } = openReports();
    const days = daysFrom('2025-11-21', DAY);
    for (const day of days) {
      const one = summary({ day });
      put(`${day}/summary.json`, 'not to be read');
      put(`${day}/digest.json`, current(one));
    }
    expect((await reports.digests(await reports.days('2025-11-21', DAY))).map(({ day }) => day)).toEqual(
      days,
    );
    const { history } = await reports.inputFor(summary({ day: DAY }), 'vi', null);
    expect(history.length).toBe(13);
    expect(read.filter((key) => !key.endsWith('/digest.json'))).toEqual([]);
  });

  test('is read with the links of whom it is for; a form that lies in the lake has none', async () => {
    const { reports } = openReports();
    const links = { ticket: 'https://example.com/{ticket_no}', pages: 'https://example.com' };
    expect(await reports.inputFor(summary({ day: DAY }), 'vi', { seenAt: 1, links })).toMatchObject({
      seenAt: 1,
      links,
    });
    expect(await reports.inputFor(summary({ day: DAY }), 'vi', null)).toMatchObject({
      seenAt: null,
      links: { ticket: null, pages: null },
    });
  });

  test('is asked for of those days alone that have a report', async () => {
    const { reports, read, put } = openReports();
    const [one, other] = ['2026-11-10', '2026-11-18'];
    for (const day of [one, other]) {
      put(`${day}/summary.json`, 'not to be read');
      put(`${day}/digest.json`, current(summary({ day })));
    }
    // A report of some channels is no day's own.
    put('2026-11-19/channels=zalo/digest.json', 'not to be read');
    const { history } = await reports.inputFor(summary({ day: DAY, only: ['zalo'] }), 'vi', null);
    expect(history.map(({ day }) => day)).toEqual([one, other]);
    expect(read.toSorted()).toEqual([one, other].map((day) => `reports/dt=${day}/digest.json`));
  });

  test('of a day of which others are to be called is told with their names: its summary is read, and no other', async () => {
    const { reports, read, put } = openReports();
    const looks = { state: 'provisional', last: '2026-11-28' } as const;
    const morningOf = (day: string) => `${addDays(day, 1)}T00:05:00.000Z`;
    const ofDay = (day: string, more: Partial<Summary> = {}) =>
      summary({ day, looks, generatedAt: morningOf(day), ...more });
    const customer = { key: 'id:1', name: 'Ánh', phone: null, email: null };
    const changed = (day: string, at: string) =>
      ofDay(day, {
        ...{ firstGeneratedAt: morningOf(day), generatedAt: at },
        callbackChanges: [{ at, added: [customer], gone: [] }],
      });
    const days = [
      changed('2026-11-18', '2026-11-21T01:00:00.000Z'),
      changed('2026-11-19', '2026-11-20T01:00:00.000Z'),
      ...daysFrom('2026-11-01', '2026-11-17').map((day) => ofDay(day)),
      ofDay('2026-11-20'),
    ];
    for (const one of days) {
      put(`${one.day}/summary.json`, one);
      put(`${one.day}/digest.json`, current(one));
    }
    const { restated } = await reports.inputFor(ofDay(DAY), 'vi', null);
    expect(restated).toMatchObject([{ day: '2026-11-18', added: [customer], gone: [] }]);
    expect(read.filter((key) => !key.endsWith('/digest.json'))).toEqual([
      'reports/dt=2026-11-18/summary.json',
    ]);
  });

  test.each<[string, (of: Summary) => unknown]>([
    ['that is missing', () => undefined],
    ['that is begun again', (of) => ({ ...current(of), state: 'begun', locale: null })],
    ['that is damaged', () => ({ schema: 'chat-report/digest/1' })],
    ['of another day', (of) => current({ ...of, day: addDays(of.day, 1) })],
    ['of some channels', (of) => current({ ...of, only: ['zalo'] })],
    ['of newer definitions', (of) => ({ ...current(of), definitions: 99 })],
  ])('%s is made of the summary', async (_of, digest) => {
    const { reports, put } = openReports();
    const stored = summary({ day: DAY, callbacks: [callback('Khách', 2, '14:26')] });
    put(`${DAY}/summary.json`, stored);
    const text = digest({ ...stored, callbacks: [] });
    if (text !== undefined) put(`${DAY}/digest.json`, text);
    expect(await reports.digest({ day: DAY })).toEqual(staleDigestOf(stored));
    expect(await reports.staleDays(DAY, DAY)).toEqual([DAY]);
  });

  test('that is begun again keeps the language of its report', async () => {
    const { reports, put } = openReports();
    const stored = summary({ day: DAY });
    put(`${DAY}/summary.json`, stored);
    put(`${DAY}/digest.json`, { ...current(stored), state: 'begun', locale: 'en' });
    expect(await reports.digest({ day: DAY })).toEqual(staleDigestOf(stored, 'en'));
  });
});

test('a digest that is stale tells of its own day all the same', async () => {
  const { reports, put, read } = openReports();
  const stale: Digest = { ...current(summary({ day: DAY })), state: 'stale' };
  put(`${DAY}/summary.json`, 'not to be read');
  put(`${DAY}/digest.json`, stale);
  expect(await reports.digest({ day: DAY })).toEqual(stale);
  expect(await reports.staleDays(DAY, DAY)).toEqual([DAY]);
  expect(new Set(read)).toEqual(new Set([`reports/dt=${DAY}/digest.json`]));
});

test('the days of any range are those with a report of all channels', async () => {
  const { reports, put } = openReports();
  const days = [
    '2023-12-31',
    '2024-01-01',
    '2024-02-29',
    '2024-09-30',
    '2024-10-01',
    '2025-01-01',
    '2026-12-31',
  ];
  for (const day of days) put(`${day}/summary.json`, {});
  put('2024-03-01/channels=zalo/summary.json', {});
  put('2024-03-02/report.html', {});
  const day = fc.integer({ min: 0, max: 1_300 }).map((after) => addDays('2023-11-01', after));
  await fc.assert(
    fc.asyncProperty(day, day, async (from, to) => {
      expect(await reports.days(from, to)).toEqual(days.filter((one) => one >= from && one <= to));
    }),
  );
});
