import { describe, expect, it } from 'vitest';
import { toZonedIso } from '../../functions/calendar/time-zone.ts';
import type { Callback, Summary } from '../../functions/metrics/summary.ts';
import type { Locale } from '../../functions/report/i18n/messages.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import { deadlineOf, readingOf } from '../../functions/report/reply-deadline.ts';
import { callback, summary } from './fixture.ts';

interface Given {
  /** As the clock of the zone has it, with its distance from UTC. */
  readonly replyBy: string;
  readonly seen: string | null;
  readonly locale?: Locale;
  readonly of?: Partial<Callback>;
  readonly day?: Partial<Summary>;
}

/** What a reader sees, with plain blanks. */
function told({ replyBy, seen, locale = 'vi', of = {}, day = {} }: Given): string | undefined {
  const whole = summary(day);
  const reading = readingOf(whole, seen === null ? null : Date.parse(seen));
  const deadline = deadlineOf(
    callback('Khách 1', 1, '12:13', { replyBy, ...of }),
    reading,
    whole,
    localeFormatterFor(locale),
  );
  return deadline?.text.replaceAll('\u00a0', ' ');
}

const at = (time: string) => `2026-11-${time}+07:00`;
const BERLIN = { timeZone: 'Europe/Berlin' };

describe('A deadline', () => {
  it.each<[string, Given, string]>([
    [
      'today',
      { replyBy: at('22T12:13:00'), seen: at('22T06:00:00') },
      '12:13 hôm nay, 22/11 (còn 6 giờ 13 phút)',
    ],
    [
      'in whole hours',
      { replyBy: at('22T12:00:00'), seen: at('22T06:00:00') },
      '12:00 hôm nay, 22/11 (còn 6 giờ)',
    ],
    [
      'in minutes',
      { replyBy: at('22T06:40:00'), seen: at('22T06:00:59') },
      '06:40 hôm nay, 22/11 (còn 40 phút)',
    ],
    [
      'in a minute',
      { replyBy: at('22T06:01:00'), seen: at('22T06:00:00') },
      '06:01 hôm nay, 22/11 (còn 1 phút)',
    ],
    [
      'at once',
      { replyBy: at('22T06:01:00'), seen: at('22T06:00:01') },
      '06:01 hôm nay, 22/11 (còn dưới 1 phút)',
    ],
    [
      'tomorrow',
      { replyBy: at('23T12:13:00'), seen: at('22T06:00:00') },
      '12:13 mai, 23/11 (còn 30 giờ 13 phút)',
    ],
    [
      'at the next midnight',
      { replyBy: at('23T00:00:00'), seen: at('22T06:00:00') },
      '00:00 mai, 23/11 (còn 18 giờ)',
    ],
    [
      'just before it',
      { replyBy: at('22T23:59:59'), seen: at('22T23:58:00') },
      '23:59 hôm nay, 22/11 (còn 1 phút)',
    ],
    [
      'past a midnight that is near',
      { replyBy: at('23T00:10:00'), seen: at('22T23:50:00') },
      '00:10 mai, 23/11 (còn 20 phút)',
    ],
    [
      'at this midnight',
      { replyBy: at('23T00:00:00'), seen: at('22T23:59:30') },
      '00:00 mai, 23/11 (còn dưới 1 phút)',
    ],
    [
      'in two days',
      { replyBy: at('24T12:13:00'), seen: at('22T06:00:00') },
      '12:13 ngày 24/11 (còn 54 giờ 13 phút)',
    ],
    ['in a file', { replyBy: at('23T12:13:00'), seen: null }, '12:13 ngày 23/11'],
  ])('that is %s', (_of, given, text) => {
    expect(told(given)).toBe(`hạn trả lời: ${text}`);
  });

  it.each<[string, Given, string]>([
    [
      'today',
      { replyBy: at('22T12:13:00'), seen: at('22T06:00:00') },
      'reply by 12:13 today, 22 Nov (6 h 13 min left)',
    ],
    [
      'at once',
      { replyBy: at('22T06:00:30'), seen: at('22T06:00:00') },
      'reply by 06:00 today, 22 Nov (less than a minute left)',
    ],
    [
      'tomorrow',
      { replyBy: at('23T12:13:00'), seen: at('22T06:00:00') },
      'reply by 12:13 tomorrow, 23 Nov (30 h 13 min left)',
    ],
    [
      'in two days',
      { replyBy: at('24T12:13:00'), seen: at('22T06:00:00') },
      'reply by 12:13 on 24 Nov (54 h 13 min left)',
    ],
    [
      'over',
      { replyBy: at('22T05:30:00'), seen: at('22T06:00:00') },
      'past the reply deadline (05:30 today, 22 Nov)',
    ],
    [
      'over since yesterday',
      { replyBy: at('21T23:59:00'), seen: at('22T06:00:00') },
      'past the reply deadline (23:59 yesterday, 21 Nov)',
    ],
  ])('that is %s, in English', (_of, given, text) => {
    expect(told({ ...given, locale: 'en' })).toBe(text);
  });

  it.each<[string, Given, string]>([
    [
      'by now',
      { replyBy: at('22T05:30:00'), seen: at('22T06:00:00') },
      'quá hạn trả lời (05:30 hôm nay, 22/11)',
    ],
    [
      'at this moment',
      { replyBy: at('22T06:00:00'), seen: at('22T06:00:00') },
      'quá hạn trả lời (06:00 hôm nay, 22/11)',
    ],
    [
      'since yesterday',
      { replyBy: at('22T05:30:00'), seen: at('23T00:00:00') },
      'quá hạn trả lời (05:30 hôm qua, 22/11)',
    ],
    [
      'for weeks',
      { replyBy: at('22T05:30:00'), seen: '2026-12-20T06:00:00+07:00' },
      'quá hạn trả lời (05:30 ngày 22/11)',
    ],
    [
      'for a year',
      { replyBy: at('22T05:30:00'), seen: '2027-11-22T06:00:00+07:00' },
      'quá hạn trả lời (05:30 ngày 22/11/2026)',
    ],
    [
      'when a file was made',
      { replyBy: at('22T05:30:00'), seen: null },
      'quá hạn trả lời (05:30 ngày 22/11)',
    ],
    [
      'for Zalo',
      { replyBy: at('23T05:30:00'), seen: at('23T06:00:00'), of: { channels: ['zalo'] } },
      'quá hạn trả lời (05:30 hôm nay, 23/11)',
    ],
    [
      'where channels differ',
      { replyBy: at('23T05:30:00'), seen: at('23T06:00:00'), of: { channels: ['messenger', 'zalo'] } },
      'quá hạn trả lời (05:30 hôm nay, 23/11)',
    ],
    [
      'where one has none',
      { replyBy: at('22T05:30:00'), seen: at('22T06:00:00'), of: { channels: ['livechat', 'messenger'] } },
      'quá hạn trả lời (05:30 hôm nay, 22/11)',
    ],
  ])('that is over %s', (_of, given, text) => {
    expect(told(given)).toBe(text);
  });

  it('has a year where its own is another', () => {
    const day = { day: '2026-12-31', generatedAt: '2026-12-31T23:00:00.000Z' };
    const seen = '2027-01-01T06:00:00+07:00';
    expect(told({ replyBy: '2027-01-01T12:13:00+07:00', seen, day })).toBe(
      'hạn trả lời: 12:13 hôm nay, 01/01/2027 (còn 6 giờ 13 phút)',
    );
    expect(told({ replyBy: '2027-01-02T12:13:00+07:00', seen, day, locale: 'en' })).toBe(
      'reply by 12:13 tomorrow, 02 Jan 2027 (30 h 13 min left)',
    );
    expect(told({ replyBy: '2027-01-02T12:13:00+07:00', seen: null, day })).toBe(
      'hạn trả lời: 12:13 ngày 02/01/2027',
    );
  });

  it('knows the leap day, and months of any length', () => {
    const leap = { day: '2028-02-28', generatedAt: '2028-02-28T23:00:00.000Z' };
    const seen = '2028-02-29T06:00:00+07:00';
    expect(told({ replyBy: '2028-02-29T12:13:00+07:00', seen, day: leap })).toMatch('12:13 hôm nay, 29/02');
    expect(told({ replyBy: '2028-03-01T12:13:00+07:00', seen, day: leap })).toMatch('12:13 mai, 01/03');
    const usual = { day: '2027-02-27', generatedAt: '2027-02-27T23:00:00.000Z' };
    expect(
      told({ replyBy: '2027-03-01T12:13:00+07:00', seen: '2027-02-28T06:00:00+07:00', day: usual }),
    ).toMatch('12:13 mai, 01/03');
  });

  it('counts hours that pass, where the clocks of the zone change', () => {
    // Missed at 12:13 of the day before; clocks go forward at 02:00 on 29/03, and back at 03:00 on 25/10.
    const spring = Date.parse('2026-03-28T12:13:00+01:00') / 1_000 + 24 * 3_600;
    const replyBy = toZonedIso(spring, 'Europe/Berlin');
    expect(told({ replyBy, seen: '2026-03-29T00:30:00+01:00', day: { ...BERLIN, day: '2026-03-28' } })).toBe(
      'hạn trả lời: 13:13 hôm nay, 29/03 (còn 11 giờ 43 phút)',
    );
    const autumn = Date.parse('2026-10-24T12:13:00+02:00') / 1_000 + 24 * 3_600;
    expect(
      told({
        ...{ replyBy: toZonedIso(autumn, 'Europe/Berlin'), seen: '2026-10-25T00:13:00+02:00' },
        day: { ...BERLIN, day: '2026-10-24' },
      }),
    ).toBe('hạn trả lời: 11:13 hôm nay, 25/10 (còn 12 giờ)');
    // The hour that comes twice: of 02:30 the second is meant, and the first is over.
    const twice = { ...BERLIN, day: '2026-10-24' };
    const second = { replyBy: '2026-10-25T02:30:00+01:00', day: twice };
    expect(told({ ...second, seen: '2026-10-25T02:30:00+02:00' })).toMatch(
      '02:30 hôm nay, 25/10 (còn 1 giờ)',
    );
    expect(told({ ...second, seen: '2026-10-25T02:30:00+01:00' })).toMatch(
      /^quá hạn trả lời \(02:30 hôm nay/,
    );
  });

  it('has the day of the account’s zone, wherever it is read', () => {
    const newYork = { timeZone: 'America/New_York', day: '2026-11-20' };
    const given = { replyBy: '2026-11-21T23:30:00-05:00', day: newYork };
    expect(told({ ...given, seen: '2026-11-22T04:00:00Z' })).toMatch('23:30 hôm nay, 21/11 (còn 30 phút)');
    expect(told({ ...given, seen: '2026-11-21T04:59:59Z' })).toMatch(
      /: 23:30 mai, 21\/11 \(còn 23 giờ 31 phút\)$/,
    );
  });

  it('is none where a channel has none', () => {
    const none = callback('Khách 1', 1, '12:13', { replyBy: null });
    const day = summary();
    expect(deadlineOf(none, readingOf(day, 0), day, localeFormatterFor('vi'))).toBeNull();
  });
});
