import { describe, expect, test } from 'vitest';
import { addDays, type Day, daysFrom } from '../../functions/calendar/day.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { type Digest, staleDigestOf } from '../../functions/report/digest.ts';
import { renderText } from '../../functions/report/formats/text.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import { reportView } from '../../functions/report/report-view.ts';
import { hourTable } from '../../functions/report/sections/hours.ts';
import { findQuietChannels, type Silence } from '../../functions/report/silence.ts';
import { fc } from '../property.ts';
import { ALONE, byHour, figures, summary } from './fixture.ts';

/** A Saturday. */
const DAY = '2026-11-21';
const HOURS_OF_BUSINESS = 'Mon-Sat 08:00-18:00';

type Hours = Readonly<Record<number, number>>;

/** Messenger's chats by hour; of the other channels there are none. */
function dayOf(day: Day, hours: Hours, more: Partial<Summary> = {}): Summary {
  const counted = byHour(
    Object.fromEntries(Object.entries(hours).map(([hour, chats]) => [hour, [chats, 0]])),
  );
  const chats = counted.reduce((sum, one) => sum + one.chats, 0);
  return summary({ day, byHour: counted, byChannel: { messenger: figures(chats, 0) }, ...more });
}

const spread = (chats: number, from: number, to: number): Hours =>
  Object.fromEntries(Array.from({ length: to - from }, (_, place) => [from + place, chats]));

/** The seven days before, the newest last; null is a day without a report. */
function weekOf(days: readonly (Hours | null)[], until = DAY): Digest[] {
  return days.flatMap((hours, place) => {
    const day = addDays(until, place - days.length);
    return hours === null ? [] : [staleDigestOf(dayOf(day, hours))];
  });
}

const USUAL = spread(6, 8, 18);
const UNTIL_TEN = spread(6, 8, 11);
const SIX_DAYS = Array.from({ length: 6 }, () => USUAL);
const silentOf = (day: Summary, week: readonly Digest[]): readonly Silence[] =>
  findQuietChannels(day, week).silent;

function quietBusiness(hours = HOURS_OF_BUSINESS): Partial<Summary> {
  return { businessHours: { hours, inside: figures(0, 0), outside: figures(0, 0) } };
}

describe('a channel that falls silent', () => {
  test('is told since its last chat, with what came from the next full hour on', () => {
    const day = dayOf(DAY, UNTIL_TEN, { lastStartedAt: { messenger: '2026-11-21T10:50:00+07:00' } });
    expect(silentOf(day, weekOf(SIX_DAYS))).toEqual([
      {
        ...{ channel: 'messenger', since: '2026-11-21T10:50:00+07:00', fromHour: 11 },
        ...{ days: 6, isEachBefore: true, least: 42, most: 42 },
      },
    ]);
    // A summary of before does not tell when its last chat began.
    const [silence] = silentOf(dayOf(DAY, UNTIL_TEN), weekOf(SIX_DAYS));
    expect(silence?.since).toBe('2026-11-21T11:00:00+07:00');
  });

  test('is told of a whole day', () => {
    const [silence] = silentOf(dayOf(DAY, {}), weekOf([USUAL, USUAL, spread(7, 8, 18)]));
    expect(silence).toEqual({
      ...{ channel: 'messenger', since: null, fromHour: 0 },
      ...{ days: 3, isEachBefore: true, least: 60, most: 70 },
    });
  });

  test.each([
    ['as usual', USUAL, SIX_DAYS],
    ['with two days to go by', {}, [USUAL, USUAL]],
    ['with few chats a day', {}, SIX_DAYS.map(() => ({ 9: 4, 14: 5 }))],
    ['with a last hour that has few', spread(6, 8, 17), SIX_DAYS],
    ['with days that are empty now and then', {}, [{}, USUAL, {}, USUAL, {}, USUAL, USUAL]],
    ['silent on this day of the week', {}, [{}, ...SIX_DAYS]],
    ['with few on the afternoon of this day of the week', UNTIL_TEN, [{ ...UNTIL_TEN, 14: 4 }, ...SIX_DAYS]],
  ] as const)('is not told where it is %s', (_, hours, week) => {
    expect(silentOf(dayOf(DAY, hours), weekOf(week))).toEqual([]);
  });

  test.each([
    ['a second day', [USUAL, USUAL, USUAL, USUAL, USUAL, UNTIL_TEN]],
    ['a third day', [USUAL, USUAL, USUAL, USUAL, UNTIL_TEN, {}]],
    ['a fifth day', [USUAL, USUAL, USUAL, {}, {}, {}, {}]],
    ['a second day, in a shop that closes on two', [USUAL, USUAL, {}, {}, USUAL, USUAL, {}]],
    ['the day after one without a report', [USUAL, USUAL, USUAL, null]],
    ['a day in a week with a holiday', [USUAL, USUAL, USUAL, {}, USUAL, USUAL, USUAL]],
  ] as const)('is told on %s', (_, week) => {
    expect(silentOf(dayOf(DAY, {}), weekOf(week))).toHaveLength(1);
  });

  test('is told by days of business and hours of business alone, where these are known', () => {
    const week = weekOf([USUAL, {}, ...SIX_DAYS.slice(1)]);
    const sunday = dayOf('2026-11-22', {}, quietBusiness());
    const digests = weekOf(SIX_DAYS, '2026-11-22');
    expect(findQuietChannels(sunday, digests)).toEqual({ silent: [], unusuallyEmpty: [] });
    expect(silentOf({ ...sunday, businessHours: null }, digests)).toHaveLength(1);
    // What comes after hours is no reason to expect any within them.
    const late = weekOf(SIX_DAYS.map(() => ({ ...UNTIL_TEN, ...spread(9, 18, 24) })));
    expect(silentOf(dayOf(DAY, UNTIL_TEN, quietBusiness()), late)).toEqual([]);
    expect(silentOf(dayOf(DAY, UNTIL_TEN), late)).toHaveLength(1);
    // A day that closes earlier is none to go by, nor is one of no business.
    const [silence] = silentOf(
      dayOf(DAY, UNTIL_TEN, quietBusiness('Mon-Tue 08:00-12:00, Wed-Sat 08:00-18:00')),
      week,
    );
    expect(silence).toMatchObject({ days: 4, isEachBefore: false });
  });

  test('is compared with days that have its hours; a whole day also with those of before they were kept', () => {
    const old = weekOf(SIX_DAYS).map(({ chatsByHour: _, ...digest }) => digest);
    expect(silentOf(dayOf(DAY, UNTIL_TEN), old)).toEqual([]);
    expect(silentOf(dayOf(DAY, {}), old)).toHaveLength(1);
  });
});

/** Chats that come by chance, so many an hour in the mean, as Poisson's law has it. */
const poisson = (uniform: () => number, mean: number): number => {
  let [count, product] = [0, uniform()];
  while (product > Math.exp(-mean)) {
    product *= uniform();
    count += 1;
  }
  return count;
};

const anyHours = fc.dictionary(fc.integer({ min: 0, max: 23 }).map(String), fc.integer({ min: 0, max: 30 }));

describe('what is told of silence', () => {
  test('is of the channels and days, not of the order they come in, and true', () => {
    fc.assert(
      fc.property(fc.array(anyHours, { maxLength: 9 }), anyHours, fc.nat(), (days, hours, turn) => {
        const [day, week] = [dayOf(DAY, hours), weekOf(days)];
        const found = silentOf(day, week);
        expect(silentOf(day, [...week.slice(turn % 9), ...week.slice(0, turn % 9)])).toEqual(found);
        for (const { fromHour, days: busy, least, most } of found) {
          expect(day.byHour.slice(fromHour).every(({ chats }) => chats === 0)).toBe(true);
          expect(fromHour === 0 || (day.byHour[fromHour - 1]?.chats ?? 0) > 0).toBe(true);
          const came = week
            .filter((digest) => digest.day >= addDays(DAY, -7))
            .map(({ chatsByHour }) =>
              (chatsByHour?.messenger ?? []).slice(fromHour).reduce((sum, one) => sum + one, 0),
            );
          expect(came.filter((one) => one >= least && one <= most).length).toBe(busy);
          expect(most).toBeGreaterThanOrEqual(10);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is no false alarm where chats come by chance, be they many or few, nor on a weekly day of rest', () => {
    let told = 0;
    const rates = [0.2, 0.6, 1, 2, 5];
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (stream) => {
          const uniform = (): number => stream.next().value ?? 0;
          const rate = rates[Math.floor(uniform() * rates.length)] ?? 1;
          const days = daysFrom(addDays(DAY, -13), DAY).map((day, place) => {
            const isRest = place % 7 === 5;
            const hours = Array.from({ length: 14 }, (_, hour) => [
              7 + hour,
              isRest ? 0 : poisson(uniform, rate),
            ]);
            return dayOf(day, Object.fromEntries(hours));
          });
          const digests = days.map((day) => staleDigestOf(day));
          for (const day of days.slice(7)) told += silentOf(day, digests).length;
        },
      ),
      { numRuns: 60 },
    );
    expect(told).toBeLessThanOrEqual(1);
  });
});

const SILENCE: Silence = {
  ...{ channel: 'messenger', since: '2026-11-21T10:50:00+07:00', fromHour: 11 },
  ...{ days: 6, isEachBefore: true, least: 42, most: 42 },
};

/** Fifty-eight chats, none missed, of which Messenger had eighteen. */
function halfSilent(locale: 'vi' | 'en', silence: Partial<Silence> = {}) {
  const [messenger, zalo] = [figures(18, 0), figures(40, 0)];
  const hours = byHour({ 8: [30, 0], 10: [28, 0] });
  const cell = (channel: Channel, hour: number, chats: number) => ({ channel, hour, ...figures(chats, 0) });
  const day = summary({
    byHour: hours,
    byChannel: { messenger, zalo },
    byChannelHour: [
      cell('messenger', 8, 10),
      cell('messenger', 10, 8),
      cell('zalo', 8, 20),
      cell('zalo', 10, 20),
    ],
  });
  return { summary: day, locale, ...ALONE, silent: [{ ...SILENCE, ...silence }] } as const;
}

describe('a report with a silent channel', () => {
  test.each([
    [
      ...(['en', {}] as const),
      'Messenger: no chat since 10:50; on each of the 6 days before, 42 came from 11:00 on. Look whether the channel is still connected to CareSoft.',
      'Messenger: no chat since 10:50. None of the 58 chats that came was missed.',
      'no Messenger chat since 10:50, 0% missed',
    ],
    [
      ...(['en', { since: null, fromHour: 0, days: 5, isEachBefore: false, most: 47 }] as const),
      'Messenger: no chat all day; on 5 of the 7 days before, 42–47 came. Look whether the channel is still connected to CareSoft.',
      'Messenger: no chat all day. None of the 58 chats that came was missed.',
      'no Messenger chat all day, 0% missed',
    ],
    [
      ...(['vi', {}] as const),
      'Messenger: không có chat nào sau 10:50; 6 ngày liền trước đó, ngày nào cũng có 42 chat từ 11:00 trở đi. Hãy kiểm tra kênh còn kết nối với CareSoft không.',
      'Messenger: không có chat nào sau 10:50. Không nhỡ chat nào trong 58 chat đã nhận được.',
      'Messenger không có chat sau 10:50, nhỡ 0%',
    ],
    [
      ...(['vi', { since: null, fromHour: 0, days: 5, isEachBefore: false, most: 47 }] as const),
      'Messenger: cả ngày không có chat nào; trong 7 ngày trước đó có 5 ngày, mỗi ngày có 42–47 chat. Hãy kiểm tra kênh còn kết nối với CareSoft không.',
      'Messenger: cả ngày không có chat nào. Không nhỡ chat nào trong 58 chat đã nhận được.',
      'Messenger cả ngày không có chat, nhỡ 0%',
    ],
  ])('says so first of all, in %s (%j)', (locale, silence, alert, verdict, subject) => {
    const view = reportView(halfSilent(locale, silence));
    expect(view.alerts[0]).toBe(alert);
    const { warning, sentence } = view.lead;
    expect(warning + sentence).toBe(verdict);
    expect(view.subject).toContain(`: ${subject}`);
    expect(view.preheader).toContain(alert);
    expect(view.lead).toMatchObject({ isBad: false, rest: '' });
    expect(view.work.none).toMatch(
      /^(None of the customers whose chats came|No customer .* on the channels|Trong số chat đã nhận|Không .* ở các kênh có chat)/,
    );
    const [row] = view.channels.body;
    expect(row?.mark).toMatch(/^(no chat (since|all day)|(cả ngày )?không có chat)/);
  });

  test('says of a day without any chat which channels should have some', () => {
    const channels = Object.fromEntries(CHANNELS.map((channel) => [channel, figures(0, 0)]));
    const empty = dayOf(DAY, {}, { byChannel: channels });
    const silent = [{ ...SILENCE, since: null, fromHour: 0 }];
    const view = reportView({ summary: empty, locale: 'en', ...ALONE, silent, unusuallyEmpty: ['zalo'] });
    expect(view.lead).toMatchObject({
      warning: '',
      sentence: expect.stringMatching(/^No chats, though Messenger and Zalo usually have some/),
    });
    expect(view.subject).toContain(': Messenger, Zalo unusually empty, no chats');
  });

  test('shows an hour without chats as one, and not as none missed', () => {
    const { rows, emptyLegend } = hourTable(halfSilent('en').summary, localeFormatterFor('en'));
    const shown = rows.map(({ cells }) => cells.map(({ missed }) => missed).join(''));
    expect(new Set(shown)).toEqual(new Set(['––––––––0–0–––––––––––––']));
    expect(emptyLegend).toBe('–: no chats');
    expect(renderText(halfSilent('en'))).not.toMatch(/^ {2}11 /m);
  });
});
