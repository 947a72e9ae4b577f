import { describe, expect, test } from 'vitest';
import { PaginationPass } from '../../functions/capture/slices.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { fc } from '../property.ts';

const rowsFrom = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    conversation_id: `c${from + at}`,
    start_time: '2026-11-20 09:00:00',
    chat_status: 'LBL_CHAT_STATUS_MEET',
  }));

/** Reads pages until the pass is at its end. @returns it, and how many pages that took */
function passOver(
  pageAt: (page: number) => readonly unknown[],
  numFound: number | ((page: number) => number),
) {
  const pass = new PaginationPass(DIALECT);
  let page = 0;
  while (!pass.isAtEnd) {
    page += 1;
    const counted = typeof numFound === 'number' ? numFound : numFound(page);
    pass.add({ file: page, numFound: counted, rows: pageAt(page) });
  }
  return { pass, pages: page };
}

const paged = (rows: readonly unknown[], size: number) => (page: number) =>
  rows.slice((page - 1) * size, page * size);

describe('a pass', () => {
  test('holds every row once, in pages of any size, and is proven by another in other pages', () => {
    const sizes = fc.record({
      count: fc.integer({ min: 1, max: 200 }),
      one: fc.integer({ min: 1, max: 60 }),
      other: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(sizes, ({ count, one, other }) => {
        const rows = rowsFrom(0, count);
        const first = passOver(paged(rows, one), count).pass;
        const second = passOver(paged(rows, other), count).pass;
        expect(first.files).toHaveLength(Math.ceil(count / one));
        expect(first.counts).toEqual({ all: count, answered: count, missed: 0, other: 0 });
        expect(second.confirms(first)).toBe(true);
        // In any order.
        expect(passOver(paged(rows.toReversed(), one), count).pass.confirms(first)).toBe(true);
      }),
    );
  });

  test('ends where a server gives its last page again and again', () => {
    const rows = rowsFrom(0, 15);
    const { pass, pages } = passOver((page) => paged(rows, 10)(Math.min(page, 2)), 15);
    expect([pages, pass.files]).toEqual([3, [1, 2]]);
    expect(pass.counts.all).toBe(15);
  });

  test('ends after two pages that bring nothing new, however many are counted', () => {
    const { pages } = passOver(() => rowsFrom(0, 10), 300_000);
    expect(pages).toBe(3);
  });

  test('is no proof where a row came twice, and another may never have come', () => {
    const rows = rowsFrom(0, 20);
    const lost = [...rows.slice(0, 10), ...rows.slice(9, 10), ...rows.slice(11)];
    const [one, other] = [passOver(paged(lost, 10), 20).pass, passOver(paged(lost, 10), 20).pass];
    expect(other.confirms(one)).toBe(false);
    expect(other.toError()).toMatchObject({ reason: 'rows-missing' });
  });

  test('is proof where two rows of one id differ: they do not stand for each other', () => {
    const rows = [...rowsFrom(0, 5), { ...rowsFrom(0, 1)[0], chat_status: 'LBL_CHAT_STATUS_MISS' }];
    const [one, other] = [passOver(paged(rows, 2), 6).pass, passOver(paged(rows, 3), 6).pass];
    expect(other.confirms(one)).toBe(true);
  });

  test.each([
    ['count-changed', () => passOver(paged(rowsFrom(0, 12), 5), (page) => 12 + Number(page > 1)).pass],
    ['rows-missing', () => passOver(paged(rowsFrom(0, 11), 5), 12).pass],
    ['rows-beyond-count', () => passOver(paged(rowsFrom(0, 13), 5), 12).pass],
  ])('says %s', (reason, read) => {
    expect(read().confirms(read())).toBe(false);
    expect(read().toError()).toMatchObject({ reason });
  });

  test('does not confirm another that has other rows', () => {
    const [one, other] = [
      passOver(paged(rowsFrom(0, 9), 4), 9).pass,
      passOver(paged(rowsFrom(1, 9), 4), 9).pass,
    ];
    expect(other.confirms(one)).toBe(false);
  });
});
