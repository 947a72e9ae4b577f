import { describe, expect, it } from 'vitest';
import { html } from '../../functions/report/formats/mail-page.ts';
import { clipped, oneLine, visible } from '../../functions/report/plain-text.ts';
import { anyCharacter, fc } from '../property.ts';

describe('A text of strangers', () => {
  it('is put on one line without control characters or marks that turn its direction', () => {
    expect(oneLine(' Ngô\r\nBcc: x\u0000\u2028y \u202eevil ')).toBe('Ngô Bcc: x y evil');
  });

  it('is cut at so many characters, not in the middle of one', () => {
    expect(clipped('🌸🌸🌸🌸', 4)).toBe('🌸🌸🌸🌸');
    expect(clipped('🌸🌸🌸🌸🌸', 4)).toBe('🌸🌸🌸…');
    expect(clipped('a'.repeat(2_000), 80)).toHaveLength(80);
  });

  it('never exceeds its length nor holds a line break, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter, maxLength: 200 }),
        fc.integer({ min: 1, max: 40 }),
        (text, length) => {
          const line = clipped(text, length);
          expect([...line].length).toBeLessThanOrEqual(length);
          expect(line).not.toMatch(/\p{Cc}|[\u2028\u2029]/u);
        },
      ),
    );
  });

  it('takes no more room in a mail than a name needs, whatever signs it is of', () => {
    const company = 'Công ty TNHH Thương mại & Dịch vụ "Ẩm Thực Việt" – chi nhánh Thủ Đức';
    expect(visible(company, 80)).toBe(company);
    for (const sign of ['&', '🌸', 'a', '"<\u0301', 'ế']) {
      const line = visible(sign.repeat(2_000), 80) ?? '';
      expect(line).toMatch(/…$/);
      expect(Buffer.byteLength(html`${line}`.markup)).toBeLessThanOrEqual(160);
    }
  });

  it('is no value when nothing of it can be seen', () => {
    expect([null, undefined, '', ' \t', '\u200b\u200d', '\u202e'].map((text) => visible(text, 80))).toEqual(
      Array(6).fill(null),
    );
    expect(visible(' 0 ', 80)).toBe('0');
  });
});
