import { describe, expect, test } from 'vitest';
import { maskName, maskPage } from '../../functions/measure/mask.ts';
import { fc } from '../property.ts';

describe('a phone number in a name', () => {
  test.each([
    ['Anh 0901 - 234 - 567', 'Anh 090***********67'],
    ['0901/234/567 Anh', '090*******67 Anh'],
    ['090  123  4567', '090*********67'],
    ['(090) 123-4567', '(090********67'],
    ['(+84) 901 234 567', '(+84***********67'],
    ['0901–234–567', '090*******67'],
    ['０９０１２３４５６７', '０９０*****６７'],
    ['Anh, phòng 12 / 34', 'Anh, phòng 12 / 34'],
  ])('%j is shown as %j', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  test('shows five digits at most, however it is spaced, and what is around it stays', () => {
    const separator = fc.string({ unit: fc.constantFrom(...' \t\u00a0./()-'), maxLength: 3 });
    const digits = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), separator), {
      minLength: 7,
      maxLength: 15,
    });
    fc.assert(
      fc.property(digits, fc.constantFrom('', '+'), (parts, plus) => {
        const phone = plus + parts.map(([digit, after]) => `${digit}${after}`).join('');
        const masked = maskName(`Chị Ngọc, ${phone} (Đà Nẵng)`);
        expect(masked).toMatch(/^Chị Ngọc, .* \(Đà Nẵng\)$/s);
        expect(masked.match(/\d/g)?.length).toBeLessThanOrEqual(5);
        expect(masked).toHaveLength(`Chị Ngọc, ${phone} (Đà Nẵng)`.length);
        expect(maskName(masked)).toBe(masked);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the key of a landing page', () => {
  test.each([
    ['shop.vn/don-hang/0901234567', 'shop.vn/don-hang/090*****67'],
    ['shop.vn/lien-he-0901-234-567.html', 'shop.vn/lien-he-090*******67.html'],
    ['shop.vn/+84%20901%20234%20567', 'shop.vn/+84****************67'],
    ['shop.vn/%28090%29%20123%204567/x', 'shop.vn/%28090**************67/x'],
    ['shop.vn/u/ngoc.tran@example.com/x', 'shop.vn/u/ng*******@example.com/x'],
    ['shop.vn/u/ngoc.tran%40example.com', 'shop.vn/u/ng*******@example.com'],
    ['shop.vn/ao-thun-nam/12/345', 'shop.vn/ao-thun-nam/12/345'],
    ['localhost:5173/%E1%BA%A3o', 'localhost:5173/%E1%BA%A3o'],
  ])('%j is shown as %j', (page, masked) => {
    expect(maskPage(page)).toBe(masked);
  });
});
