import { stir } from '../draw.ts';

/** Which rows of a listing a page holds. */
export interface PageSpan {
  readonly offset: number;
  readonly size: number;
}

/** @param total of the rows that can be paged through. */
type Paging = (page: number, count: number, total: number) => PageSpan;

export function pageSpan(page: number, count: number): PageSpan {
  return { offset: (page - 1) * count, size: count };
}

/** Each page is shorter than asked, each by another number of rows, and the next one begins where it ended. */
export function shortPageSpan(page: number, count: number, total: number): PageSpan {
  const sizeOf = (number: number): number =>
    Math.max(1, count - 1 - (stir(count, number) % Math.ceil(count / 3)));
  let offset = 0;
  for (let before = 1; before < page && offset < total; before += 1) offset += sizeOf(before);
  return { offset, size: sizeOf(page) };
}

/** The last page stands for every page past it. */
export function lastPageAgain(paging: Paging): Paging {
  return (page, count, total) => {
    const span = paging(page, count, total);
    if (span.offset < total || total === 0) return span;
    let last = paging(1, count, total);
    for (let next = 2; last.offset + last.size < total; next += 1) last = paging(next, count, total);
    return last;
  };
}
