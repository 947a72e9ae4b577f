import { TimeZone } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { findZoneName } from '../../functions/calendar/time-zone.ts';
import { fc } from '../property.ts';

const VIETNAM = 'Asia/Ho_Chi_Minh';

/** The names by area and city that CDK offers for schedules. */
const scheduled = Object.values(Object.getOwnPropertyDescriptors(TimeZone))
  .flatMap(({ get, value }) => {
    const zone: unknown = value ?? get?.call(TimeZone);
    return zone instanceof TimeZone ? [zone.timezoneName] : [];
  })
  .filter((name) => name.includes('/'));

describe('the name of a zone', () => {
  test('is any that a schedule on AWS can have, as it is written there', () => {
    expect(scheduled.length).toBeGreaterThan(300);
    expect(
      scheduled.filter((name) => JSON.stringify(findZoneName(name)) !== JSON.stringify({ name })),
    ).toEqual([]);
  });

  test('is put into its own spelling where it is written in another case', () => {
    const links = ['Australia/NSW', 'US/East-Indiana', 'America/Knox_IN', 'Asia/Saigon'];
    const universal = ['Zulu', 'Greenwich', 'Universal', 'UCT', 'UTC', 'GMT0', 'GMT+0'].map(
      (name) => `Etc/${name}`,
    );
    const names = [...scheduled, 'UTC', ...links, ...universal];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (name, up) => {
          const text = [...name]
            .map((letter, at) => (up[at] ? letter.toUpperCase() : letter.toLowerCase()))
            .join('');
          expect(findZoneName(text)).toEqual({ name });
        },
      ),
    );
  });

  test.each([
    ...['Hanoi', 'Hà Nội', 'ha-noi', 'Asia/Hanoi', 'Saigon', 'Sài Gòn', 'Ho Chi Minh', 'TP. Hồ Chí Minh'],
    ...['Ho Chi Minh City', 'HCMC', 'Asia/HoChiMinh', 'Asia/Ho_Chi_Min', 'Asia/Ho_Chi_Minh_City', 'Đà Nẵng'],
    ...[
      'Vietnam',
      'Viet Nam',
      'VN',
      'ICT',
      'Indochina Time',
      'indochina',
      'SE Asia Standard Time',
      '(UTC+07:00) Bangkok, Hanoi, Jakarta',
    ],
    ...['GMT+7', 'UTC+7', 'utc +07:00', '+07:00', '+0700', '+7', '7'],
  ])('that is meant by %j is that of Vietnam', (text) => {
    expect(findZoneName(text)).toEqual({ meant: VIETNAM });
  });

  test.each([
    ['GMT', 'UTC'],
    ['Z', 'UTC'],
    ['UTC+0', 'UTC'],
    ['+08:00', 'Asia/Singapore'],
    ['+05:30', 'Asia/Kolkata'],
    ['Tokyo', 'Asia/Tokyo'],
    ['Bangkok', 'Asia/Bangkok'],
    ['Asia/Bangkk', 'Asia/Bangkok'],
    ['Singapore', 'Asia/Singapore'],
    ['Japan', 'Asia/Tokyo'],
    ['Thailand', 'Asia/Bangkok'],
    ['New York', 'America/New_York'],
    ['London', 'Europe/London'],
    ['EST', 'America/New_York'],
    ['est', 'America/New_York'],
    ['SystemV/EST5', 'America/New_York'],
    ['Laos', 'Asia/Vientiane'],
    ['Cambodia', 'Asia/Phnom_Penh'],
    ['Oslo', 'Europe/Oslo'],
  ])('that is meant by %j is %s', (text, meant) => {
    expect(findZoneName(text)).toEqual({ meant });
  });

  test.each([
    ...[
      'SystemV/AST4',
      'US/Pacific-New',
      'systemv/pst8pdt',
      'UTC-5',
      'UTC–5',
      'BST',
      'AST',
      'Osla',
      'Lago',
      'Etc/X',
    ],
    ...['Asia/Nowhere', 'Moon', 'x', '', '/', 'Asia/', '+05:00', '-03:00', '+99:99', 'local'],
  ])('cannot be told from %j', (text) => {
    expect(findZoneName(text)).toEqual({ meant: null });
  });

  test('is one that can be opened, or none, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const found = findZoneName(text);
        if ('name' in found)
          expect(() => new Intl.DateTimeFormat('en', { timeZone: found.name })).not.toThrow();
      }),
    );
  });
});
