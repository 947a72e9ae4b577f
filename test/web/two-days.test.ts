import { describe, expect, test } from 'vitest';
import { byHour, figures, summary } from '../report/fixture.ts';
import { PARTIAL_DAY } from '../report/partial-day.ts';
import { memoryLake } from './memory-lake.ts';
import { openPages } from './open-pages.ts';
import { BEFORE_NEWEST, MISSING_DAY, NEWEST, tenWeeks, writeSummary } from './ten-weeks.ts';

const WEEK_BEFORE = '2026-11-14';

/** The rows of all tables, as they are read. */
function rowsOf(html: string): string[] {
  return html
    .split('<tr>')
    .slice(1)
    .map((row) =>
      (row.split('</tr>')[0] ?? '')
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    );
}

const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('A day beside another', () => {
  const lake = memoryLake();
  writeSummary(lake, summary({ day: NEWEST, byHour: byHour({ 9: [40, 2], 14: [60, 24] }) }));
  writeSummary(
    lake,
    summary({
      day: WEEK_BEFORE,
      byHour: byHour({ 9: [50, 5], 11: [10, 1] }),
      byChannel: { messenger: figures(40, 4), zalo: figures(20, 2) },
    }),
  );
  const { page } = openPages(lake);

  test('shows the figures of both, by channel and by hour too', async () => {
    const { status, html } = await page(`/days/${NEWEST}?with=${WEEK_BEFORE}&lang=en`);
    expect(status).toBe(200);
    expect(textOf(html)).toContain('21 Nov 2026 and 14 Nov 2026');
    const rows = rowsOf(html);
    expect(rows).toContain('Figure Sat 21 Nov Sat 14 Nov');
    expect(rows).toContain('Chats 100 60');
    expect(rows).toContain('Missed 26 6');
    expect(rows).toContain('Missed rate 26% 10%');
    expect(rows).toContain('Messenger Missed: 26 (26%) 100 chats Missed: 4 (10%) 40 chats');
    expect(rows).toContain('Zalo – Missed: 2 (10%) 20 chats');
    expect(rows).toContain('9:00–10:00 Missed: 2 (5%) 40 chats Missed: 5 (10%) 50 chats');
    expect(rows).toContain('11:00–12:00 0 Missed: 1/10 10 chats');
    expect(rows.filter((row) => /^\d+:00/.test(row))).toHaveLength(6);
    expect(html).toContain(`<a href="/days/${WEEK_BEFORE}?lang=en">`);
  });

  test('says what makes them less alike than they look', async () => {
    const different = await page(`/days/${NEWEST}?with=${WEEK_BEFORE}&lang=en`);
    expect(textOf(different.html)).toContain('were counted by different settings');
    const partial = memoryLake();
    writeSummary(partial, PARTIAL_DAY);
    writeSummary(partial, {
      ...PARTIAL_DAY,
      day: '2026-11-20',
      looks: { state: 'provisional', last: '2026-11-27' },
    });
    const { html } = await openPages(partial).page('/days/2026-11-21?with=2026-11-20&lang=en');
    expect(textOf(html)).toContain('21 Nov 2026: lacks Zalo.');
    expect(textOf(html)).toContain('20 Nov 2026: provisional, will be read again.');
    expect(textOf(html)).not.toContain('different settings');
  });

  test('is offered on the page of a day: the week before where it has a report, and any day', async () => {
    const offered = await page(`/days/${NEWEST}?lang=en`);
    expect(offered.html).toContain(`<a href="/days/${NEWEST}?with=${WEEK_BEFORE}&amp;lang=en">`);
    expect(offered.html).toMatch(
      new RegExp(
        `action="/days/${NEWEST}"><input type="hidden" name="lang" value="en">.*name="with" value="${WEEK_BEFORE}"`,
      ),
    );
    const alone = await page(`/days/${WEEK_BEFORE}?lang=en`);
    expect(alone.html).not.toContain('?with=');
    expect(alone.html).toContain('name="with" value=""');
  });

  test.each([MISSING_DAY, '1999-01-01', 'nonsense', '', NEWEST, '../../raw'])(
    'says so where there is no report to be put beside it: "%s"',
    async (asked) => {
      const { status, html } = await openPages(tenWeeks()).page(
        `/days/${NEWEST}?with=${encodeURIComponent(asked)}&lang=en`,
      );
      expect(status).toBe(404);
      expect(textOf(html)).toMatch(
        /no report of 05 Nov 2026 to compare with|Choose another day to compare with/,
      );
      expect(html).toContain(`<a href="/days/${NEWEST}?lang=en">See 21 Nov 2026 alone</a>`);
    },
  );

  test('reads two summaries and no more', async () => {
    const whole = tenWeeks();
    await openPages(whole).page(`/days/${NEWEST}?with=${BEFORE_NEWEST}`);
    expect(whole.reads.filter((key) => key.endsWith('summary.json'))).toHaveLength(2);
  });
});
