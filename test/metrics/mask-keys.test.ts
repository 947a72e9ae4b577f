import { expect, test } from 'vitest';
import { maskKeys } from '../../functions/metrics/masking.ts';
import type { KeyedFigures } from '../../functions/metrics/summary.ts';
import { cutKey } from '../../functions/text/bounds.ts';
import { fc } from '../property.ts';

const pagesOf = (entries: readonly (readonly [string | null, number])[]) =>
  entries.map(([key, chats]) => ({ key, chats })) as KeyedFigures[];

test('pages that are the same once masked are numbered in their order', () => {
  const pages = pagesOf([
    ['a.vn/0901234567', 9],
    ['a.vn/0901-234-567', 5],
    ['a.vn/x', 5],
    ['a.vn/0901/234/567', 3],
    [null, 3],
  ]);
  expect(maskKeys(pages, 'page')).toEqual(
    pagesOf([
      ['a.vn/090*****67', 9],
      ['a.vn/090*****67 (no. 2)', 5],
      ['a.vn/x', 5],
      ['a.vn/090*****67 (no. 3)', 3],
      [null, 3],
    ]),
  );
});

test('a page that was cut tells nothing of its end, and is numbered as others are', () => {
  const cut = (end: string) => cutKey(`a.vn/${'x'.repeat(300)}${end}`, 300);
  const [one, other] = [cut('/0901234567'), cut('/0901234568')].toSorted();
  const masked = maskKeys(
    pagesOf([
      [one ?? '', 2],
      [other ?? '', 2],
    ]),
    'page',
  );
  const key = `a.vn/${'x'.repeat(278)}…`;
  expect(masked.map((page) => page.key)).toEqual([key, `${key} (no. 2)`]);
  expect(maskKeys(masked, 'page')).toEqual(masked);
});

test('of a text nothing is taken for the address of a machine, and two texts stay two', () => {
  const texts = ['098.76.50.123', '0987650123', '0987650223', '098*****23 (no. 2)', 'tet 2027'];
  const masked = maskKeys(pagesOf(texts.toSorted().map((key) => [key, 1])), 'text').map(({ key }) => key);
  expect(masked.join()).not.toMatch(/0987650|76\.50/);
  expect(masked).toContain('tet 2027');
  expect(new Set(masked).size).toBe(texts.length);
});

test('two pages stay two, and what is masked stays as it is', () => {
  const path = fc.constantFrom(
    '0901234567',
    '0901-234-567',
    '090*****67',
    'an@b.vn',
    'a*@b.vn',
    '12345',
    'x',
    '7 (no. 2)',
  );
  const keys = fc.uniqueArray(
    fc.array(path, { minLength: 1, maxLength: 3 }).map((parts) => `a.vn/${parts.join('/')}`),
  );
  fc.assert(
    fc.property(keys, (some) => {
      const masked = maskKeys(pagesOf(some.toSorted().map((key) => [key, 1])), 'page');
      expect(new Set(masked.map(({ key }) => key)).size).toBe(some.length);
      expect(maskKeys(masked, 'page')).toEqual(masked);
    }),
  );
});
