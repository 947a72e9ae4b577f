import { stir } from '../draw.ts';

/** The rows of a listing that a page holds. */
export interface PageSpan {
  readonly offset: number;
  readonly size: number;
}

/** @param total the number of rows that pages can reach */
type Paging = (page: number, count: number, total: number) => PageSpan;

export function pageSpan(page: number, count: number): PageSpan {
  return { offset: (page - 1) * count, size: count };
}

/** Each page is shorter than requested, by a different number of rows. The next page begins where it ended. */
export function shortPageSpan(page: number, count: number, total: number): PageSpan {
  const sizeOf = (number: number): number =>
    Math.max(1, count - 1 - (stir(count, number) % Math.ceil(count / 3)));
  let offset = 0;
  for (let before = 1; before < page && offset < total; before += 1) offset += sizeOf(before);
  return { offset, size: sizeOf(page) };
}

/** A page beyond the last one is the last page again. */
export function lastPageAgain(paging: Paging): Paging {
  return (page, count, total) => {
    const span = paging(page, count, total);
    if (span.offset < total || total === 0) return span;
    let last = paging(1, count, total);
    for (let next = 2; last.offset + last.size < total; next += 1) last = paging(next, count, total);
    return last;
  };
}
