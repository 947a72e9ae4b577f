import { describe, expect, it } from 'vitest';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import { explainCount } from '../../functions/report/sections/missing.ts';
import { fc } from '../property.ts';
import { proven } from './fixture.ts';

const count = fc.nat({ max: 3_000 });
/** Of a channel: CareSoft counts either each different row, or every row. */
const channel = fc
  .record({ chats: count, rejected: count, outsideDay: count, duplicates: count, areCounted: fc.boolean() })
  .map(({ chats, rejected, outsideDay, duplicates, areCounted }) => {
    const unique = chats + rejected + outsideDay;
    const found = areCounted ? unique + duplicates : unique;
    return proven(found, { rows: unique + duplicates, unique, duplicates, rejected, outsideDay });
  });

describe('CareSoft’s count', () => {
  it.each(['vi', 'en'] as const)('is explained by numbers that add up to it, in %s', (locale) => {
    fc.assert(
      fc.property(channel, channel, (livechat, zalo) => {
        const said = explainCount(
          { verdict: 'proven', channels: { livechat, zalo } },
          localeFormatterFor(locale),
        );
        const numbers = (said?.match(/\d[\d.,]*/g) ?? []).map((text) => Number(text.replaceAll(/\D/g, '')));
        const [rows = 0, ...parts] = numbers;
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(rows);
        const differs = [livechat, zalo].some(({ numFoundAfter, unique, rejected, outsideDay }) => {
          return numFoundAfter !== unique - rejected - outsideDay;
        });
        expect(said !== null).toBe(differs);
      }),
    );
  });

  it('is not mentioned where each row is a chat', () => {
    const channels = { zalo: proven(700, { rows: 703, duplicates: 3 }) };
    expect(explainCount({ verdict: 'proven', channels }, localeFormatterFor('en'))).toBeNull();
  });

  it('is explained in words', () => {
    const channels = { zalo: proven(709, { unique: 700, duplicates: 9 }), livechat: proven(0) };
    const explain = (locale: 'vi' | 'en') =>
      explainCount({ verdict: 'proven', channels }, localeFormatterFor(locale));
    expect(explain('en')).toBe('CareSoft counts 709 rows: 700 chats, 9 more rows of the same chats.');
    expect(explain('vi')).toBe('CareSoft báo có 709 dòng: 700 chat, 9 dòng lặp lại chat đã có.');
  });
});
