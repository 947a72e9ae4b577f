import { describe, expect, it } from 'vitest';
import { formatFor, wallClock } from '../../functions/report/locale-formatter.ts';

const vi = formatFor('vi');
const en = formatFor('en');

describe('Numbers and times', () => {
  it('are written as the language writes them', () => {
    expect([vi.count(10_412), en.count(10_412)]).toEqual(['10.412', '10,412']);
    expect([vi.percent(70 / 681), en.percent(70 / 681)]).toEqual(['10,3%', '10.3%']);
    expect([vi.day('2026-11-21'), en.day('2026-11-21')]).toEqual(['21/11/2026', '21 Nov 2026']);
    expect(vi.weekdayAndDay('2026-11-21')).toBe('Thứ Bảy, 21/11/2026');
    expect(en.weekdayAndDay('2026-11-21')).toBe('Saturday, 21 Nov 2026');
  });

  it('tell no value from zero', () => {
    expect([vi.count(null), vi.percent(null), vi.duration(null)]).toEqual(['–', '–', '–']);
    expect([vi.count(0), vi.percent(0), vi.duration(0)]).toEqual(['0', '0%', '0\u00a0giây']);
  });

  it.each([
    [0.4, '0 s'],
    [59.5, '1 min'],
    [471, '7 min 51 s'],
    [3_599.6, '1 h'],
    [3_661, '1 h 1 min'],
    [158_400, '44 h'],
  ])('show %d seconds as %s', (seconds, text) => {
    expect(en.duration(seconds).replaceAll('\u00a0', ' ')).toBe(text);
  });

  it('fit a narrow cell from a thousand on', () => {
    expect([en.shortCount(999), en.shortCount(1_234), en.shortCount(41_666)]).toEqual(['999', '1.2k', '42k']);
    expect(vi.shortCount(1_234)).toMatch(/^1,2\sN$/);
  });

  it('show an instant on the clock of the account', () => {
    expect(vi.instant('2026-11-21T17:05:00Z', 'Asia/Ho_Chi_Minh')).toBe(
      '00:05 ngày 22/11/2026, giờ Việt Nam',
    );
    expect(en.instant('2026-11-21T17:05:00Z', 'UTC')).toBe('17:05 on 21 Nov 2026, UTC time');
    expect(vi.instant('2026-11-21T17:05:00Z', 'Asia/Bangkok')).toBe(
      '00:05 ngày 22/11/2026, giờ Asia/Bangkok',
    );
    expect(['Asia/Ho_Chi_Minh', 'Asia/Saigon'].map((zone) => en.zone(zone))).toEqual(['Vietnam', 'Vietnam']);
  });

  it('show a time that is on that clock already as it stands', () => {
    expect(wallClock('2026-11-21T14:26:09+07:00')).toBe('14:26');
    expect(wallClock('')).toBe('–');
  });
});
