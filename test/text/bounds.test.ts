import { describe, expect, test } from 'vitest';
import { cutKey, cutText, isTooDeep } from '../../functions/text/bounds.ts';
import { fc } from '../property.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('a text that is cut', () => {
  test('is at most so long, begins as it did, and holds no half of a character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 20, max: 80 }), (text, length) => {
        const cut = cutText(text, length);
        expect(cut.length).toBeLessThanOrEqual(length);
        expect(cut.isWellFormed()).toBe(true);
        if (text.length <= length) expect(cut).toBe(text);
        else expect(text.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true);
      }),
    );
  });

  test.each([
    ['é of two characters', 'e\u0301'.repeat(50), `${'e\u0301'.repeat(9)}…`],
    ['a family of seven', '👨‍👩‍👧‍👦'.repeat(9), '👨‍👩‍👧‍👦…'],
    ['flags', '🇻🇳'.repeat(9), `${'🇻🇳'.repeat(4)}…`],
    [
      'a letter under a heap of marks, which alone is parted',
      `a${'\u0301'.repeat(900)}`,
      `a${'\u0301'.repeat(18)}…`,
    ],
  ])('parts no %s', (_what, text, cut) => {
    expect(cutText(text, 20)).toBe(cut);
  });
});

test('a key that is cut is another for another text, and never a number to dial', () => {
  const halves = fc.string({
    unit: fc.constantFrom('a', '\ud83d', '\ud83e', '9'),
    minLength: 20,
    maxLength: 60,
  });
  fc.assert(
    fc.property(halves, halves, (one, other) => {
      const [cut, otherCut] = [cutKey(one, 30), cutKey(other, 30)];
      expect(cut === otherCut).toBe(one === other);
      expect([cut.length <= 30, cut.isWellFormed()]).toEqual([true, true]);
      if (cut !== one) expect(cut).toMatch(/…[a-p]{16}$/);
    }),
  );
});

test('a value is too deep from its 33rd level on, however wide it is', () => {
  const deep = (levels: number): unknown =>
    JSON.parse(`${'[{"a":'.repeat(levels / 2)}[]${'}]'.repeat(levels / 2)}`);
  expect([deep(30), deep(32), [1, deep(30)], deep(500_000)].map(isTooDeep)).toEqual([
    false,
    true,
    false,
    true,
  ]);
  expect(isTooDeep(Array.from({ length: 200_000 }, () => [{}]))).toBe(false);
});
