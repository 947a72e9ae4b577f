import { expect, test } from 'vitest';
import { canonicalName, canonicalText } from '../../functions/text/bounds.ts';
import { anyCharacter, fc } from '../property.ts';

test.each([
  [
    'Chăm sóc',
    'Cha\u0306m so\u0301c',
    ' Chăm  sóc',
    'Chăm\u00a0sóc\u200b',
    '\ufeffChăm\t\nsóc',
    'Ch\u00adăm\u2003\u3000sóc\u2060',
  ],
  ['', ' ', '\u200b', '\u00a0\u2800', '\u3164'],
  ['VIP 1', 'VIP\u0000 1', 'V\u202eIP 1\u202c'],
])('%j is what a reader takes each of its spellings for', (text, ...spellings) => {
  expect(spellings.map(canonicalText)).toEqual(spellings.map(() => text));
  expect(canonicalText(text)).toBe(text);
});

test('a group is told from one in capital letters, and a person is not', () => {
  expect(canonicalText('ĐỘI A')).not.toBe(canonicalText('Đội a'));
  expect(canonicalName('ĐỘI  A')).toBe(canonicalName('Đội a'));
});

test('a canonical text is its own', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      for (const canonical of [canonicalText, canonicalName]) {
        expect(canonical(canonical(text))).toBe(canonical(text));
      }
    }),
    { numRuns: 1_000 },
  );
});
