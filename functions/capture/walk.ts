import type { ChatsAnswer } from './caresoft.ts';
import { LARGEST_PAGE, type PageNumber } from './chats-query.ts';
import type { RowTally } from './row-tally.ts';

/** Pages asked ahead of the one that is read: enough to keep up with any rate CareSoft allows. */
const PAGES_AHEAD = 3;

export interface WalkPorts {
  ask(page: PageNumber, signal: AbortSignal): Promise<ChatsAnswer>;
  /** Keeps a page. Called once a page, in the order of the pages, one at a time. */
  keep(page: number, answer: ChatsAnswer): Promise<void>;
  /** Whether the walk is to stop after the page that was kept, and go on another time. */
  isTimeUp(): boolean;
}

/** What CareSoft said it holds: by the first page, and asked once more after the last. */
export interface WalkCounts {
  readonly before: number;
  readonly after: number;
}

/** The pages that an earlier part of the walk kept, from the first on without a gap. Their rows are tallied. */
export interface KeptPages {
  readonly before: number;
  readonly rowsOnFirst: number;
  readonly rowsOnLast: number;
  readonly pages: number;
}

export interface WalkOptions {
  readonly kept?: KeptPages | null;
  readonly pageSize?: number;
  /** Ends the walk and what it has asked at once, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks every page of one query once, and tallies and keeps their rows.
 *
 * Neither a short page nor a reached count is taken for the end: a server may give fewer rows a page than it was
 * asked for, and may count lower than it holds (search engines stop counting at 10,000). So pages are asked until
 * one is empty, or until one past the count shows nothing new; that last look is not kept, having added nothing.
 * At most 2·⌈numFound ÷ rows on page 1⌉ + 2 pages are asked.
 *
 * @returns null when time was up before the end.
 */
export async function walk(
  { ask, keep, isTimeUp }: WalkPorts,
  tally: RowTally,
  { kept = null, pageSize = LARGEST_PAGE, signal }: WalkOptions = {},
): Promise<WalkCounts | null> {
  const stop = new AbortController();
  const stopToo = (): void => stop.abort(signal?.reason);
  if (signal?.aborted) stopToo();
  signal?.addEventListener('abort', stopToo);
  const askPage = (page: number): Promise<ChatsAnswer> => {
    const answer = ask({ page, count: pageSize }, stop.signal);
    // Awaited in its turn; until then a failure must not count as unhandled.
    answer.catch(() => {});
    return answer;
  };
  const take = async (page: number, answer: ChatsAnswer): Promise<void> => {
    tally.addPage(page, answer.rows);
    await keep(page, answer);
  };
  try {
    const start = kept ?? (await takeFirst(askPage, take));
    let isAtEnd = start.rowsOnLast === 0 || tally.unique > start.before;
    const pages = furtherPages(start, askPage);
    while (!isAtEnd) {
      const next = await pages.next();
      isAtEnd = next.done || (await isPastEnd(next.value, start.before, tally, take));
      if (!isAtEnd && isTimeUp()) return null;
    }
    const { numFound: after } = await ask({ page: 1, count: 1 }, stop.signal);
    return { before: start.before, after };
  } finally {
    signal?.removeEventListener('abort', stopToo);
    stop.abort();
  }
}

type Take = (page: number, answer: ChatsAnswer) => Promise<void>;

interface FurtherPage {
  readonly page: number;
  readonly answer: ChatsAnswer;
}

async function takeFirst(askPage: (page: number) => Promise<ChatsAnswer>, take: Take): Promise<KeptPages> {
  const first = await askPage(1);
  await take(1, first);
  const rows = first.rows.length;
  return { before: first.numFound, rowsOnFirst: rows, rowsOnLast: rows, pages: 1 };
}

/** Takes a page, unless it is one past the count that shows nothing new; tells whether none need be asked after it. */
async function isPastEnd(
  { page, answer }: FurtherPage,
  before: number,
  tally: RowTally,
  take: Take,
): Promise<boolean> {
  if (tally.unique >= before && tally.knows(answer.rows)) return true;
  await take(page, answer);
  return answer.rows.length === 0 || tally.unique > before;
}

/** The pages after those that are kept, in order. The expected ones, and one past them, are asked ahead; others one by one. */
async function* furtherPages(
  { before, rowsOnFirst, pages }: KeptPages,
  askPage: (page: number) => Promise<ChatsAnswer>,
): AsyncGenerator<FurtherPage, undefined> {
  const pagesExpected = Math.ceil(before / rowsOnFirst);
  const lastPage = 2 * pagesExpected + 2;
  const asked: Promise<ChatsAnswer>[] = [];
  for (let page = pages + 1; page <= lastPage; page += 1) {
    const aheadTo = Math.max(page, Math.min(page + PAGES_AHEAD - 1, pagesExpected + 1));
    while (page + asked.length <= aheadTo) asked.push(askPage(page + asked.length));
    const answer = await asked.shift();
    if (answer) yield { page, answer };
  }
}
