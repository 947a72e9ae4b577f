import { describe, expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import { figures, proven } from '../report/fixture.ts';
import { PARTIAL_DAY } from '../report/partial-day.ts';
import { memoryLake } from './memory-lake.ts';
import { openPages } from './open-pages.ts';
import { writeSummary } from './ten-weeks.ts';

/** A whole day before the partial one, of which nobody is to be called back. */
function lakeOfTwoDays() {
  const lake = memoryLake();
  const partial = { ...PARTIAL_DAY, callbacks: [] };
  const byChannel = { ...PARTIAL_DAY.byChannel, zalo: figures(100, 50) };
  const channels = { livechat: proven(150), messenger: proven(330), zalo: proven(100) };
  const completeness = { verdict: 'proven', channels } as const;
  writeSummary(lake, partial);
  const totals = { channels: ['livechat', 'messenger', 'zalo'], ...figures(580, 97) } as const;
  writeSummary(lake, { ...partial, day: addDays(partial.day, -1), byChannel, totals, completeness });
  return lake;
}

const textOf = (html: string): string =>
  html
    .replaceAll(/<title>.*?<\/title>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/\s+/g, ' ');

describe('A day of which a channel is missing', () => {
  const { page } = openPages(lakeOfTwoDays());
  const read = async (path: string) => textOf((await page(path)).html);

  test('says so before its figures, why, and that the rest is without it', async () => {
    const text = await read('/days/2026-11-21?lang=en');
    expect(text).toMatch(/No figures of Zalo yet\. LiveChat and Messenger: 45 of 470 chats missed/);
    expect(text).toMatch(/CareSoft did not answer.*chats of Zalo.*Once Zalo can be read.*Chats 480/);
    expect(text).toContain('list of who waits are without Zalo of 21 Nov');
    expect(text).toContain(
      'Customers waiting No customer is waiting on LiveChat and Messenger; of Zalo it is not known.',
    );
    expect(text).toContain('Zalo could not be read, which is not zero');
    expect(text).not.toMatch(/\b0 customers are waiting|No customer is waiting\./);
  });

  test('has a mark and no colour in the calendar, and is in no sum of the month', async () => {
    const { html } = await page('/?lang=en');
    const text = textOf(html);
    expect(html).toMatch(/<a class="day open" href="\/days\/2026-11-21\?lang=en">/);
    expect(text).toMatch(/lacks Zalo lacks Zalo missed rate 9\.8% /);
    expect(text).toMatch(/97 of 580 chats missed/);
    expect(text).toContain('1 day lacks a channel and is in no sum');
    expect(text).toContain('◐ reported, lacks a channel');
  });

  test('is a gap of the trends, with its own figures in the table', async () => {
    const text = await read('/trends?lang=en');
    expect(text).toMatch(/21 Nov lacks Zalo 480 47 9\.8% .* – /);
    expect(text).toContain('Striped too: 1 day whose report lacks a channel.');
    expect(text).toMatch(/Chats 580/);
  });

  test('leaves a month that has no other neither without a report nor with a rate', async () => {
    const lake = memoryLake();
    writeSummary(lake, PARTIAL_DAY);
    const alone = openPages(lake);
    for (const path of ['/?lang=en', '/trends?lang=en']) {
      const text = textOf((await alone.page(path)).html);
      expect(text).toContain('lacks Zalo');
      expect(text).not.toMatch(/There is no report|NaN/);
    }
  });
});
