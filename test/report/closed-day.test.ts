import { describe, expect, it } from 'vitest';
import type { Summary } from '../../functions/metrics/summary.ts';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { renderText } from '../../functions/report/formats/text.ts';
import { reportView } from '../../functions/report/report-view.ts';
import { ALONE, byHour, callback, figures, summary } from './fixture.ts';

const HOURS = 'Mon-Sat 08:00-18:00';

/** A Sunday: `[chats, missed]`, all of them out of hours. */
function sunday(chats: number, missed: number, callbacks: Summary['callbacks'] = []): Summary {
  return summary({
    ...{ day: '2026-11-22', generatedAt: '2026-11-22T23:00:12.000Z', callbacks },
    byHour: byHour({ 9: [chats, missed] }),
    businessHours: { hours: HOURS, inside: figures(0, 0), outside: figures(chats, missed) },
    targets: { missedRate: 0.08, serviceLevel: null },
  });
}

const view = (day: Summary, locale: 'vi' | 'en' = 'en') => reportView({ summary: day, locale, ...ALONE });

describe('A day off', () => {
  it('is told as one, with what came, and held against nothing', () => {
    const { lead, facts, hours, days, changes, subject } = view(sunday(4, 2));
    expect(lead).toMatchObject({ sentence: 'A day off.', isBad: false });
    expect(facts).toEqual([
      'All 4 chats came out of business hours (Mon–Sat 08:00–18:00), so no missed rate is taken and no target asked for. 2 were missed.',
    ]);
    expect([hours, days.body, changes.body]).toEqual([null, [], []]);
    expect(subject).toMatch(/: a day off$/);
    expect(view(sunday(0, 0), 'vi').facts).toEqual(['Cả ngày ngoài giờ làm việc (T2–T7 08:00–18:00).']);
  });

  it.each(['vi', 'en'] as const)('has no dash for a figure and no rate, in %s', (locale) => {
    const input = { summary: sunday(4, 2, [callback('An', 1, '09:10')]), locale, ...ALONE };
    const html = renderHtml(input)
      .replace(/^.*<main>/s, '')
      .replace(/<[^>]*>/g, ' ');
    for (const form of [html, renderText(input)]) expect(form).not.toMatch(/(^|\s)–(\s|$)|%/);
  });
});

describe('An open day', () => {
  const saturday = (inside: [number, number], outside: [number, number]) =>
    summary({
      byHour: byHour({ 9: inside, 20: outside }),
      businessHours: { hours: HOURS, inside: figures(...inside), outside: figures(...outside) },
    });

  it('with no chat in its hours says so, and what came out of them in one line', () => {
    const { lead, facts, brief, hours } = view(saturday([0, 0], [3, 1]));
    expect(lead).toMatchObject({ sentence: 'No chat came in business hours.', isBad: false });
    expect([facts, hours]).toEqual([[], null]);
    expect(brief?.body).toEqual(['Out of business hours (Mon–Sat 08:00–18:00): 3 chats, 1 missed.']);
  });

  it('has its headline of its hours, and the rest in one line', () => {
    const { lead, hours } = view(saturday([100, 30], [10, 9]));
    expect(lead.sentence).toBe('30 of 100 chats missed (30%) in business hours.');
    expect(hours?.notes).toEqual(['Out of business hours (Mon–Sat 08:00–18:00): 10 chats, 9 missed.']);
  });
});
