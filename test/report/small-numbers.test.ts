import { describe, expect, it } from 'vitest';
import type { Summary } from '../../functions/metrics/summary.ts';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { renderText } from '../../functions/report/formats/text.ts';
import { reportView } from '../../functions/report/report-view.ts';
import { fc } from '../property.ts';
import { ALONE, byHour, callback, earlier, figures, summary } from './fixture.ts';
import { MORNING } from './waiting-list.ts';

const HISTORY = ['2026-11-14', '2026-11-19', '2026-11-20'].map((day) => earlier(day, 900, 20));

function english(day: Summary, history = HISTORY) {
  return reportView({ summary: day, locale: 'en', ...ALONE, history });
}

/** A day of so few chats that one more or less would move its rate by five points. */
const anyFew = fc
  .tuple(fc.integer({ min: 1, max: 19 }), fc.nat(19))
  .map(([chats, missed]) => [chats, Math.min(chats, missed)] as const);
const anyLocale = fc.constantFrom('vi' as const, 'en' as const);

describe('Of fewer than twenty chats', () => {
  it('nothing is held against anything, and rates are their two numbers', () => {
    fc.assert(
      fc.property(anyFew, ([chats, missed]) => {
        const targets = { missedRate: 0.01, serviceLevel: 0.99 };
        const { keyFigures, lead, channels, changes, facts } = english(
          summary({ byHour: byHour({ 9: [chats, missed] }), targets }),
        );
        const [, missedRate, , serviceLevel] = keyFigures.body;
        const within = Math.floor((chats - missed) * 0.8);
        expect([missedRate?.value, serviceLevel?.value]).toEqual([
          `${missed}/${chats}`,
          `${within}/${chats}`,
        ]);
        expect(keyFigures.body.some(({ isBad }) => isBad)).toBe(false);
        expect([lead.isBad, changes.body]).toEqual([false, []]);
        expect(facts[0]).toMatch(/^Fewer than 20 chats are not held against a target\./);
        expect(channels.body).toMatchObject([{ rate: `${missed}/${chats}`, ratio: null }]);
      }),
    );
  });

  it('there is no per cent and no change in any form, but of a target and in what a bar’s scale is', () => {
    fc.assert(
      fc.property(anyFew, anyLocale, fc.boolean(), ([chats, missed], locale, isBusy) => {
        // With many who wait the whole report is told.
        const callbacks = isBusy
          ? Array.from({ length: 5 }, (_, at) => callback(`K${at}`, 1, `1${at}:00`))
          : [];
        const day = summary({ byHour: byHour({ 9: [chats, missed] }), callbacks });
        const few = [earlier('2026-11-20', 18, 3), earlier('2026-11-19', 12, 0)];
        const input = { summary: day, locale, ...ALONE, history: few, seenAt: MORNING };
        const { subject, channels, days } = reportView(input);
        const html = renderHtml(input)
          .replace(/^.*<main>/s, '')
          .replace(/<[^>]*>/g, '');
        for (const form of [subject, renderText(input), html]) {
          const text = form.replaceAll(channels.scale, '').replaceAll(days.scale, '');
          const outside = text.replace(/<[^>]*>/g, '');
          expect(outside).not.toMatch(/%|▲|points|điểm phần trăm/);
        }
      }),
    );
  });

  it('what was then is told by its two numbers as well', () => {
    const day = summary({ byHour: byHour({ 9: [100, 30] }) });
    const [, missed, inTime] = english(day, [earlier('2026-11-20', 8, 1)]).changes.body;
    expect([missed, inTime].map((row) => row?.cells[1]?.value)).toEqual(['1/8', '5/8']);
  });

  it('twenty are told as a rate, and not in colour because one was missed', () => {
    const { keyFigures, lead } = english(summary({ byHour: byHour({ 9: [20, 1] }) }));
    expect([keyFigures.body[1]?.value, keyFigures.body[1]?.isBad]).toEqual(['5%', false]);
    expect(lead).toMatchObject({ sentence: '1 of 20 chats missed (5%).', isBad: false });
  });

  it('a rate of nothing is a dash alone', () => {
    const byChannel = { messenger: figures(3, 0, 3), zalo: figures(0, 0) };
    const { channels } = english(summary({ byHour: byHour({}), totals: figures(3, 0, 3), byChannel }));
    expect(channels.body.map(({ rate, ratio }) => [rate, ratio])).toEqual([
      ['–', null],
      ['no chats', null],
    ]);
  });
});

describe('A change that is worth a mark', () => {
  it('has it in the text too, which knows neither bold nor colours', () => {
    const day = summary({ byHour: byHour({ 9: [1_000, 200] }) });
    const text = renderText({ summary: day, locale: 'en', ...ALONE, history: HISTORY });
    expect(text).toMatch(/^20% of chats missed, far above the 3 days before \(2.2%\)\./m);
    expect(text).toMatch(/^ {2}Missed rate +▲ 20% +2.2% +2.2%/m);
    expect(text).toMatch(/^ {2}Wait, mean +1\smin\s33\ss/m);
  });
});

describe('Words for one and for none', () => {
  it('are those of one', () => {
    const { lead, work } = english(
      summary({ byHour: byHour({ 9: [1, 1] }), callbacks: [callback('Lý', 1, '09:10')], recovered: null }),
    );
    expect(`${lead.sentence} ${lead.rest}`).toBe(
      'The one chat was missed. 1 customer was not answered on the day.',
    );
    expect([work.title, work.facts]).toEqual(['1 customer was not answered on the day', []]);
  });
});

describe('Business hours', () => {
  it('are named as the reader names days', () => {
    const businessHours = {
      hours: 'Mon-Sat 08:00-21:00, Sun 09:00-12:00',
      ...{ inside: figures(50, 5), outside: figures(10, 2) },
    };
    const views = (['vi', 'en'] as const).map((locale) =>
      reportView({ summary: summary({ businessHours }), locale, ...ALONE }),
    );
    expect(views.map(({ lead, hours }) => [lead.sentence, hours?.notes])).toEqual([
      [
        'Nhỡ 5/50 chat (10%) trong giờ làm việc.',
        ['Ngoài giờ làm việc (T2–T7 08:00–21:00, CN 09:00–12:00): 10 chat, nhỡ 2.'],
      ],
      [
        '5 of 50 chats missed (10%) in business hours.',
        ['Out of business hours (Mon–Sat 08:00–21:00, Sun 09:00–12:00): 10 chats, 2 missed.'],
      ],
    ]);
  });
});
