import { describe, expect, it } from 'vitest';
import type { Summary } from '../../functions/metrics/summary.ts';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { renderText, widthOf } from '../../functions/report/formats/text.ts';
import type { Locale } from '../../functions/report/i18n/messages.ts';
import { reportView } from '../../functions/report/report-view.ts';
import type { ReportView } from '../../functions/report/view.ts';
import { fc } from '../property.ts';
import { BUSY_DAY, BUSY_HISTORY } from './busy-day.ts';
import { ALONE, byHour, callback, EMPTY_DAY, keyed, summary } from './fixture.ts';
import { HUGE_HISTORY, hugeDay, hugeRevised } from './huge-day.ts';
import { LINKS, MORNING } from './waiting-list.ts';

const ONE_CHAT = summary({
  byHour: byHour({ 9: [1, 1] }),
  callbacks: [callback('Lý Quỳnh Như', 1, '09:10')],
});
const DAYS: readonly (readonly [string, Summary])[] = [
  ['a busy day', BUSY_DAY],
  ['an empty day', EMPTY_DAY],
  ['a day of one chat', ONE_CHAT],
];
const LOCALES: readonly Locale[] = ['vi', 'en'];
const CASES = DAYS.flatMap(([name, day]) => LOCALES.map((locale) => ({ name, day, locale })));

/** What a reader sees of it, without spaces. */
function shown(document: string): string {
  return document
    .replace(/^.*<main>/s, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&#34;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s/g, '');
}

function tagsOf(document: string): string {
  return [...document.matchAll(/<[^>]*>/g)].join('');
}

/** In the order in which it is read. */
function saidBy(view: ReportView): string[] {
  const { lead, work, why } = view;
  const groups = [...work.groups, ...(work.unreachable ? [work.unreachable] : [])];
  return [
    view.day,
    ...[lead.warning, lead.sentence, lead.rest],
    ...view.facts,
    ...(why === null ? [] : [why.label, why.text]),
    ...view.alerts,
    ...(work.counts === null ? [] : [work.title, work.counts.lead, work.counts.rest]),
    ...groups.flatMap(({ title, rows }) => [
      title ?? '',
      ...rows.flatMap(({ name, sentence: said }) => [name, said]),
    ]),
    ...work.facts,
    ...(view.brief === null ? figuresOf(view) : view.brief.body),
    ...view.notes.body,
  ];
}

function figuresOf({ hours, channels, days, changes, agents }: ReportView): string[] {
  return [
    ...(hours === null ? [] : [hours.title, ...hours.notes]),
    channels.title,
    ...channels.body.flatMap(({ name, rate, ratio }) => [name, rate, ratio ?? '']),
    ...(days.body.length === 0 ? [] : [days.title]),
    ...(changes.body.length === 0 ? [] : [changes.title, ...changes.head]),
    ...changes.body.flatMap(({ name, cells }) => [name, ...cells.map(({ value }) => value)]),
    ...(agents?.body ?? []).flatMap((row) => [row.name, row.assigned, row.notTaken, row.wait]),
  ];
}

describe.each(CASES)('The report of $name in $locale', ({ day, locale }) => {
  const history = day === BUSY_DAY ? BUSY_HISTORY : [];
  const seenAt = MORNING;
  const input = { summary: day, locale, ...ALONE, history, seenAt };
  const html = renderHtml(input);
  const text = renderText(input);
  const view = reportView(input);

  it('says in HTML and in text the same figures, in the same order', () => {
    const said = saidBy(view);
    for (const form of [shown(html), text.replace(/\s/g, '')]) {
      let at = 0;
      for (const each of said) {
        const needle = each.replace(/\s/g, '').toLowerCase();
        const found = form.toLowerCase().indexOf(needle, at);
        expect(found, `${each} after ${at}`).toBeGreaterThanOrEqual(at);
        at = found + needle.length;
      }
    }
  });

  it('holds no word of a program', () => {
    expect(html + text).not.toMatch(/undefined|NaN|\[object|null|Infinity/);
  });

  it('asks for nothing from outside', () => {
    expect(html).not.toMatch(
      /<(script|img|link|iframe|a|form|object)\b|https?:\/\/(?!example\.com)|url\(|@import/i,
    );
  });

  it('keeps the text within 78 columns', () => {
    const long = text.split('\n').filter((line) => widthOf(line) > 78 && !/\S{70}/.test(line));
    expect(long).toEqual([]);
  });
});

describe('The report', () => {
  it('stays below 60 KB whatever the day holds', () => {
    for (const text of ['&'.repeat(2_000), '🌸'.repeat(1_000), 'a'.repeat(2_000), '"<\u0301'.repeat(700)]) {
      for (const locale of LOCALES) {
        const html = renderHtml({
          summary: hugeDay(text),
          locale,
          ...ALONE,
          unusuallyEmpty: ['livechat', 'messenger', 'zalo'],
          history: HUGE_HISTORY,
          restated: hugeRevised(text),
          links: LINKS,
          seenAt: MORNING,
        });
        expect(Buffer.byteLength(html)).toBeLessThan(60_000);
      }
    }
  });

  it('stays far below that for 10,000 chats with 300 customers to call, each of whom can be dialled', () => {
    const callbacks = Array.from({ length: 300 }, (_, place) =>
      callback(`Nguyễn Hoàng Phương Thảo ${place}`, 3, '14:00', {
        customer: {
          key: `id:${place}`,
          name: `Nguyễn Hoàng Phương Thảo ${place}`,
          phone: '+84901234567',
          email: null,
        },
      }),
    );
    const day = summary({
      ...{ ...BUSY_DAY, contacts: 'full', callbacks },
      byHour: byHour(Object.fromEntries(Array.from({ length: 24 }, (_, hour) => [hour, [434, 40]]))),
    });
    for (const locale of LOCALES) {
      const html = renderHtml({ summary: day, locale, ...ALONE, history: BUSY_HISTORY });
      expect([...html.matchAll(/<a [^>]*href="tel:\+84901234567"/g)]).toHaveLength(15);
      expect(Buffer.byteLength(html)).toBeLessThan(50_000);
    }
  });

  it('has the same tags whatever a stranger calls himself', () => {
    const named = (name: string): Summary =>
      summary({
        callbacks: [callback(`x${name}`, 2, '14:00', { ticketNo: `x${name}` })],
        byAgent: [keyed(`x${name}`, undefined, 9, 2)],
        byLandingPage: [keyed(`x${name}`, undefined, 9, 2)],
      });
    const plain = tagsOf(renderHtml({ summary: named(''), locale: 'vi', ...ALONE }));
    const units = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '</th>',
      '<script>',
      '<!--',
      '-->',
      '\r\n',
      '\0',
      'ả',
      ' ',
    );
    fc.assert(
      fc.property(fc.string({ unit: units }), (name) => {
        expect(tagsOf(renderHtml({ summary: named(name), locale: 'vi', ...ALONE }))).toBe(plain);
      }),
    );
  });

  it('lets no name begin a line of the text', () => {
    const callbacks = [callback('A\n\nTHEO KÊNH\u2028B\u001b[31m', 1, '10:00')];
    const text = renderText({ summary: summary({ callbacks }), locale: 'vi', ...ALONE });
    expect(text).toContain('1. A THEO KÊNH B [31m\n');
  });
});
