import { describe, expect, test } from 'vitest';
import { daysFrom } from '../../functions/calendar/day.ts';
import { byHour, summary } from '../report/fixture.ts';
import { PARTIAL_DAY } from '../report/partial-day.ts';
import { memoryLake } from './memory-lake.ts';
import { openPages } from './open-pages.ts';
import { NEWEST, tenWeeks, writeSummary } from './ten-weeks.ts';

const textOf = (html: string): string =>
  html
    .replaceAll(/<title>.*?<\/title>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

/** What stands of each month. */
function cardsOf(html: string): string[] {
  const [, list = ''] = /<ul class="year">(.*?)<\/ul>/s.exec(html) ?? [];
  return list
    .split('<li>')
    .slice(1)
    .map((card) => textOf(card).trim());
}

describe('A year', () => {
  const lake = memoryLake();
  for (const day of daysFrom('2024-12-30', '2025-02-10'))
    writeSummary(lake, summary({ day, byHour: byHour({ 9: [100, 10] }) }));
  writeSummary(lake, summary({ day: '2025-02-11', byHour: byHour({ 9: [100, 60] }) }));
  writeSummary(lake, { ...PARTIAL_DAY, day: '2025-03-01' });
  const { page } = openPages(lake);

  test('has each month with its rate and how many of its days were reported, and leads to it', async () => {
    const { status, html } = await page('/?year=2025&lang=en');
    expect(status).toBe(200);
    const cards = cardsOf(html);
    expect(cards).toHaveLength(12);
    expect(cards[0]).toBe('January 2025 missed rate 10% 3,100 chats 31 of 31 days reported');
    expect(cards[1]).toBe('February 2025 missed rate 14.5% 1,100 chats 11 of 28 days reported');
    expect(cards[2]).toBe('March 2025 no report 0 of 31 days reported 1 day lacks a channel');
    expect(cards[11]).toBe('December 2025 no report 0 of 31 days reported');
    expect(html).toContain('href="/?month=2025-02&amp;lang=en"');
    expect(textOf(html)).toContain('Missed rate of the year 11.2% 470 of 4,200 chats missed');
    expect(textOf(html)).toContain('Days with a report 42 of 365 days so far');
  });

  test('ends with this month, and leads to every year since the oldest report', async () => {
    const { html } = await page('/?year=2026&lang=en');
    expect(cardsOf(html)).toHaveLength(11);
    expect(cardsOf(html).at(-1)).toBe('November 2026 no report 0 of 21 days reported');
    expect([...html.matchAll(/href="\/\?year=(\d+)/g)].map(([, year]) => year)).toEqual([
      '2024',
      '2025',
      '2026',
    ]);
    expect(textOf(html)).toContain('There is no report of this year.');
  });

  test('is two taps from a month, so that two years are within a few', async () => {
    const { html } = await page('/?month=2026-11');
    expect(html).toContain('<a class="button" href="/?year=2026">Cả năm 2026</a>');
    expect((await page('/?year=2026')).html).toContain('href="/?year=2024"');
    expect((await page('/?year=2024')).html).toContain('href="/?month=2024-12"');
    expect((await page('/?month=2024-12')).html).toContain('href="/days/2024-12-30"');
  });

  test.each(['2027', '1999', '20', 'nonsense', '', '<script>'])('takes "%s" for none', async (year) => {
    const { status, html } = await openPages(tenWeeks()).page(`/?year=${encodeURIComponent(year)}`);
    expect(status).toBe(200);
    expect(textOf(html)).toContain('Tháng 11/2026');
    expect(html).not.toContain('class="year"');
  });

  test('reads each report of the year once, and no other', async () => {
    const whole = tenWeeks();
    writeSummary(whole, summary({ day: '2025-06-01' }));
    await openPages(whole).page('/?year=2026');
    const read = whole.reads.filter((key) => key.endsWith('summary.json'));
    expect(new Set(read).size).toBe(read.length);
    expect(read.every((key) => key.includes('dt=2026'))).toBe(true);
    expect(read.some((key) => key.includes(NEWEST))).toBe(true);
  });
});
