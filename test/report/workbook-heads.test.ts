import { expect, test } from 'vitest';
import { headHeight, wrappedLines } from '../../functions/report/formats/workbook/layout.ts';
import { renderWorkbook } from '../../functions/report/formats/workbook/workbook.ts';
import { messagesFor } from '../../functions/report/i18n/messages.ts';
import { chat } from '../metrics/chats.ts';
import { fc } from '../property.ts';
import { BUSY_DAY } from './busy-day.ts';
import { ALONE, figures } from './fixture.ts';
import { type OpenedSheet, openWorkbook } from './open-workbook.ts';

/** By letters alone, each as wide as bold ones are on average. */
function linesOf(title: string, width: number): number {
  const room = Math.floor((width - 0.7) / 1.02);
  let [lines, filled] = [1, 0];
  for (const word of title.split(' ')) {
    if (filled > 0 && filled + 1 + word.length > room) [lines, filled] = [lines + 1, 0];
    filled += (filled > 0 ? 1 : 0) + word.length;
  }
  return lines;
}

interface Head {
  readonly titles: readonly { readonly title: string; readonly width: number }[];
  readonly height: number;
}

/** The rows whose cells are titles: they have a height of their own, and more than one cell. */
function headsOf({ xml, rows }: OpenedSheet): Head[] {
  const widths = [...xml.matchAll(/<col min="(\d+)" max="(\d+)" width="([\d.]+)"/g)].flatMap(
    ([, min, max, width]) => Array(Number(max) - Number(min) + 1).fill(Number(width)),
  );
  return [...xml.matchAll(/<row r="(\d+)"[^>]* ht="([\d.]+)"/g)].flatMap(([, row, height]) => {
    const values = (rows[Number(row) - 1] ?? []).map(({ value }) => value);
    if (values.length < 2 || values[1] === null) return [];
    return {
      titles: values.map((title, at) => ({ title: `${title ?? ''}`, width: widths[at] })),
      height: Number(height),
    };
  });
}

test.each(['vi', 'en'] as const)(
  'every head can be read at its width, on three lines at most, in %s',
  async (locale) => {
    const summary = {
      ...BUSY_DAY,
      businessHours: { hours: 'Mon-Sat 08:00-21:00', inside: figures(80, 6), outside: figures(20, 20) },
    };
    const file = await renderWorkbook({ ...ALONE, summary, locale }, { holds: 'all', chats: [chat()] });
    const { sheets } = openWorkbook(file);
    const heads = sheets.flatMap((sheet) => headsOf(sheet).map((head) => ({ ...head, sheet: sheet.name })));
    expect(new Set(heads.map(({ sheet }) => sheet)).size).toBe(sheets.length);
    for (const { titles, height, sheet } of heads) {
      for (const { title, width } of titles) {
        const lines = linesOf(title, width);
        expect(lines, `${sheet}: ${title}`).toBeLessThanOrEqual(3);
        expect(wrappedLines(title, width), `${sheet}: ${title}`).toBeLessThanOrEqual(3);
        expect(height, `${sheet}: ${title}`).toBeGreaterThanOrEqual(lines * 15);
        // No word is broken.
        const longest = Math.max(...title.split(' ').map((word) => word.length));
        expect(longest * 1.02, `${sheet}: ${title}`).toBeLessThanOrEqual(width - 0.7);
      }
    }
  },
);

test('a head is as high as its longest title, and no lower where that grows', () => {
  const messages = fc.array(fc.stringMatching(/^[A-Za-zờễẹ]{1,12}$/), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(messages, messages, fc.integer({ min: 6, max: 40 }), (one, more, width) => {
      const [title, longer] = [one.join(' '), [...one, ...more].join(' ')];
      expect(wrappedLines(longer, width)).toBeGreaterThanOrEqual(wrappedLines(title, width));
      expect(wrappedLines(title, width + 5)).toBeLessThanOrEqual(wrappedLines(title, width));
      const height = headHeight([
        { title, width },
        { title: longer, width },
      ]);
      expect(height).toBe(headHeight([{ title: longer, width }]));
      expect(wrappedLines(title, 500)).toBe(1);
    }),
  );
});

test('means stand beside medians in each list of figures', async () => {
  const { figures: say, sheets } = messagesFor('vi').workbook;
  const opened = openWorkbook(await renderWorkbook({ ...ALONE, summary: BUSY_DAY, locale: 'vi' }, null));
  const means = [say.meanWait, say.meanAbandonWait, say.meanHandle, say.meanDuration];
  const { totals } = BUSY_DAY;
  const values = [
    totals.waitSeconds,
    totals.abandonWaitSeconds,
    totals.handleSeconds,
    totals.durationSeconds,
  ];
  const { byAgent, byGroup, byService } = messagesFor('vi').dimensions;
  for (const name of [sheets.hours, byAgent.sheet, byGroup.sheet, byService.sheet]) {
    const sheet = opened.sheet(name);
    const told = means.map((title) => Number(sheet.total(title)) * 86_400);
    for (const [at, { mean }] of values.entries()) expect(told[at]).toBeCloseTo(mean ?? Number.NaN, 3);
    const titles = sheet.rows[0]?.map(({ value }) => value) ?? [];
    expect(titles.indexOf(say.medianWait)).toBe(titles.indexOf(say.meanWait) + 1);
    expect(titles.indexOf(say.abandonWait)).toBe(titles.indexOf(say.meanAbandonWait) + 1);
  }
});
