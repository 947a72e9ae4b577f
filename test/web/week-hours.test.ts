import { describe, expect, test } from 'vitest';
import { addDays, type Day, daysFrom } from '../../functions/calendar/day.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { digestOf } from '../../functions/report/digest.ts';
import { pageFormatter } from '../../functions/web/locale.ts';
import { readWeekHours, renderWeekHours } from '../../functions/web/pages/trends.ts';
import { fc } from '../property.ts';
import { byHour, figures, summary } from '../report/fixture.ts';
import { type MemoryLake, memoryLake } from './memory-lake.ts';
import { openPages } from './open-pages.ts';
import { NEWEST, writeSummary } from './ten-weeks.ts';

const CURRENT = { state: 'current', locale: 'vi', workbook: null } as const;

type Hours = Readonly<Record<number, readonly [chats: number, missed: number]>>;

function write(lake: MemoryLake, day: Day, hours: Hours, tellsHours = true): void {
  const report = summary({ day, byHour: byHour(hours) });
  const { countsByHour, ...before } = digestOf(report, CURRENT);
  writeSummary(lake, report);
  lake.write(`reports/dt=${day}/digest.json`, tellsHours ? { ...before, countsByHour } : before);
}

/** The table, cell by cell, as it is read. */
async function tableOf(lake: MemoryLake): Promise<string[][]> {
  const { html } = await openPages(lake).page('/trends?weeks=8&lang=en');
  const [, table = ''] = /<table class="strip week">(.*?)<\/table>/s.exec(html) ?? [];
  return table
    .split('<tr')
    .map((row) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = '']) =>
        cell.replaceAll(/<[^>]*>/g, ' ').trim(),
      ),
    );
}

describe('Hours by weekdays', () => {
  test('are of all days of the weeks that are shown, with rate and chats on an average day', async () => {
    const lake = memoryLake();
    write(lake, '2026-11-21', { 9: [40, 4], 11: [3, 3] });
    write(lake, '2026-11-14', { 9: [60, 16] });
    write(lake, '2026-11-20', { 10: [200, 0] });
    const [, head, nine, ten, eleven, ...rest] = await tableOf(lake);
    expect(rest).toEqual([]);
    expect(head?.slice(1)).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
    expect(nine).toEqual(['9', '–', '–', '–', '–', '–', '20% 50', '–']);
    expect(ten).toEqual(['10', '–', '–', '–', '–', '0% 200', '–', '–']);
    expect(eleven).toEqual(['11', '–', '–', '–', '–', '–', '3/3 2', '–']);
  });

  test('are shaded by the missed rate, and few missed stay pale', async () => {
    const lake = memoryLake();
    write(lake, NEWEST, { 8: [50, 0], 9: [50, 1], 10: [50, 6], 11: [50, 12], 12: [2, 2] });
    const { html } = await openPages(lake).page('/trends?lang=en');
    const shades = [...html.matchAll(/<td class="s(\d)">[^<]*<span class="few">/g)].map(([, shade]) => shade);
    expect(shades).toEqual(['0', '1', '2', '3', '1']);
  });

  test('are looked up in the summary where an earlier version wrote the digest, a bounded number of times', async () => {
    const lake = memoryLake();
    for (const day of daysFrom(addDays(NEWEST, -99), NEWEST)) write(lake, day, { 9: [40, 4] }, false);
    const { page } = openPages(lake);
    const { html } = await page('/trends?weeks=26&lang=en');
    expect(html).toContain('<table class="strip week">');
    expect(lake.reads.filter((key) => key.endsWith('summary.json'))).toHaveLength(56);
    const told = memoryLake();
    for (const day of daysFrom(addDays(NEWEST, -99), NEWEST)) write(told, day, { 9: [40, 4] });
    await openPages(told).page('/trends?weeks=26');
    expect(told.reads.filter((key) => key.endsWith('summary.json'))).toEqual([]);
  });

  test('leave out a day on which the status of many chats is not known, and are no table without a chat', async () => {
    const lake = memoryLake();
    writeSummary(
      lake,
      summary({ day: NEWEST, totals: figures(100, 10, 40), byHour: byHour({ 9: [100, 10] }) }),
    );
    expect((await openPages(lake).page('/trends')).html).not.toContain('strip week');
    write(lake, '2026-11-20', {});
    expect((await openPages(lake).page('/trends')).html).not.toContain('strip week');
  });

  test('hold every chat and every missed one of the days, once', async () => {
    const hour = fc.tuple(fc.nat(23), fc.nat(400), fc.nat(100)).map(([at, answered, missed]) => ({
      [at]: [answered + missed, missed] as const,
    }));
    const day = fc.array(hour, { maxLength: 5 }).map((hours): Hours => Object.assign({}, ...hours));
    await fc.assert(
      fc.asyncProperty(fc.array(day, { maxLength: 20 }), async (days) => {
        const reports = days.map((hours, back) =>
          summary({ day: addDays(NEWEST, -back), byHour: byHour(hours) }),
        );
        const digests = reports.map((report) => digestOf(report, CURRENT));
        const { rows } = await readWeekHours(new ReportReader(memoryLake()), digests);
        const sum = (of: 'chats' | 'missed') =>
          rows.flatMap(({ cells }) => cells).reduce((total, cell) => total + cell[of], 0);
        const all = reports.map(({ totals }) => totals);
        expect(sum('chats')).toBe(all.reduce((total, { chats }) => total + chats, 0));
        expect(sum('missed')).toBe(all.reduce((total, { missed }) => total + missed, 0));
        for (const { cells } of rows) expect(cells).toHaveLength(7);
        for (const locale of ['vi', 'en'] as const)
          expect(
            String(renderWeekHours({ rows, days: days.map(() => 1) }, pageFormatter(locale))),
          ).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { numRuns: 50 },
    );
  });
});
