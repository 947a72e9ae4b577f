import { describe, expect, it } from 'vitest';
import type { Summary } from '../../functions/measure/summary.ts';
import { renderText } from '../../functions/report/render-text.ts';
import { reportView } from '../../functions/report/report.ts';
import { fc } from '../property.ts';
import { ALONE, byHour, callback, earlier, figures, summary } from './fixture.ts';

const HISTORY = ['2026-11-14', '2026-11-19', '2026-11-20'].map((day) => earlier(day, 900, 20));

function english(day: Summary, history = HISTORY) {
  return reportView({ summary: day, locale: 'en', ...ALONE, history });
}

/** A day of so few chats that one more or less would move its rate by five points. */
const anyFew = fc
  .tuple(fc.integer({ min: 1, max: 19 }), fc.nat(19))
  .map(([chats, missed]) => [chats, Math.min(chats, missed)] as const);

describe('Of fewer than twenty chats', () => {
  it('nothing is coloured, and rates are their two numbers', () => {
    fc.assert(
      fc.property(anyFew, ([chats, missed]) => {
        const { keyFigures, verdict, channels } = english(
          summary({ byHour: byHour({ 9: [chats, missed] }) }),
        );
        const [, missedRate, , serviceLevel] = keyFigures.body;
        const within = Math.floor((chats - missed) * 0.8);
        expect([missedRate?.value, serviceLevel?.value]).toEqual([
          `${missed}/${chats}`,
          `${within}/${chats}`,
        ]);
        expect(keyFigures.body.some(({ bad }) => bad)).toBe(false);
        expect(verdict.figure).toBe('');
        expect(channels.body).toMatchObject([{ rate: `${missed}/${chats}`, ratio: null }]);
      }),
    );
  });

  it('what was then is told by its two numbers as well', () => {
    const day = summary({ byHour: byHour({ 9: [100, 30] }) });
    const rates = english(day, [earlier('2026-11-20', 8, 1)]).changes.body.filter(({ name }) =>
      /Missed rate|Service level/.test(name),
    );
    expect(rates.map(({ cells }) => cells.map((cell) => cell?.was))).toEqual([['1/8'], ['5/8']]);
  });

  it('twenty are told as a rate, and in colour where one was missed', () => {
    const { keyFigures, verdict } = english(summary({ byHour: byHour({ 9: [20, 1] }) }));
    expect([keyFigures.body[1]?.value, keyFigures.body[1]?.bad]).toEqual(['5%', true]);
    expect(verdict.figure).toBe('1 of 20');
  });

  it('a rate of nothing is a dash alone', () => {
    const byChannel = { messenger: figures(3, 0, 3), zalo: figures(0, 0) };
    const { channels } = english(summary({ byHour: byHour({}), totals: figures(3, 0, 3), byChannel }));
    expect(channels.body.map(({ rate, ratio }) => [rate, ratio])).toEqual([
      ['–', null],
      ['–', null],
    ]);
  });
});

describe('A change that is worth a mark', () => {
  it('has it in the text too, which knows neither bold nor colours', () => {
    const day = summary({ byHour: byHour({ 9: [1_000, 200] }) });
    const text = renderText({ summary: day, locale: 'en', ...ALONE, history: HISTORY });
    expect(text).toContain('Missed rate: 20% (*+17.8\u00a0pts · 200 of 1,000 missed)');
    expect(text).toMatch(/^ {2}Missed rate +\*\+17.8\spts \(2.2%\)/m);
    expect(text).toMatch(/^ {2}Duration \(mean\) +unchanged/m);
  });
});

describe('Words for one and for none', () => {
  it('are those of one', () => {
    const { verdict, callbacks } = english(
      summary({ byHour: byHour({ 9: [1, 1] }), callbacks: [callback('Lý', 1, '09:10')], recovered: null }),
    );
    expect(verdict.lead).toBe('1 of 1 chat missed (100%); 1 customer to call back.');
    expect([callbacks.title, callbacks.facts]).toEqual(['Call back (1)', []]);
  });
});

describe('Business hours', () => {
  it('are named as the reader names days', () => {
    const businessHours = {
      hours: 'Mon-Sat 08:00-21:00, Sun 09:00-12:00',
      ...{ inside: figures(50, 5), outside: figures(10, 2) },
    };
    const facts = (['vi', 'en'] as const).map(
      (locale) => reportView({ summary: summary({ businessHours }), locale, ...ALONE }).hours.facts,
    );
    expect(facts).toEqual([
      [
        'Trong giờ làm việc (T2–T7 08:00–21:00, CN 09:00–12:00): nhỡ 5 (10%).',
        'Ngoài giờ làm việc: nhỡ 2/10.',
      ],
      [
        'Within business hours (Mon–Sat 08:00–21:00, Sun 09:00–12:00): 5 (10%) missed.',
        'Outside business hours: 2/10 missed.',
      ],
    ]);
  });
});
