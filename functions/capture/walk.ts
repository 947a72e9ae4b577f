import type { ChatsAnswer } from './caresoft.ts';
import { LARGEST_PAGE, type PageNumber } from './chats-query.ts';
import type { RowTally } from './row-tally.ts';

/** Pages asked ahead of the one that is read: enough to keep up with any rate CareSoft allows. */
const PAGES_AHEAD = 3;

export interface WalkPorts {
  ask(page: PageNumber, signal: AbortSignal): Promise<ChatsAnswer>;
  /** Keeps a page. Called once a page, in the order of the pages, one at a time. */
  keep(page: number, answer: ChatsAnswer): Promise<void>;
}

/** What CareSoft said it holds: by the first page, and asked once more after the last. */
export interface WalkCounts {
  readonly before: number;
  readonly after: number;
}

/**
 * Asks every page of one query once, and tallies and keeps their rows.
 *
 * Neither a short page nor a reached count is taken for the end: a server may give fewer rows a page than it was
 * asked for, and may count lower than it holds (search engines stop counting at 10,000). So pages are asked until
 * one is empty, or until one past the count shows nothing new; that last look is not kept, having added nothing.
 * At most 2·⌈numFound ÷ rows on page 1⌉ + 2 pages are asked.
 */
export async function walk({ ask, keep }: WalkPorts, tally: RowTally): Promise<WalkCounts> {
  const stop = new AbortController();
  const askPage = (page: number): Promise<ChatsAnswer> => {
    const answer = ask({ page, count: LARGEST_PAGE }, stop.signal);
    // Awaited in its turn; until then a failure must not count as unhandled.
    answer.catch(() => {});
    return answer;
  };
  const take = async (page: number, answer: ChatsAnswer): Promise<void> => {
    tally.addPage(page, answer.rows);
    await keep(page, answer);
  };
  try {
    const first = await askPage(1);
    const before = first.numFound;
    await take(1, first);
    for await (const { page, answer } of furtherPages(first, askPage)) {
      if (tally.unique >= before && tally.knows(answer.rows)) break;
      await take(page, answer);
      if (answer.rows.length === 0 || tally.unique > before) break;
    }
    const { numFound: after } = await ask({ page: 1, count: 1 }, stop.signal);
    return { before, after };
  } finally {
    stop.abort();
  }
}

/** The pages after the first, in order. The expected ones, and one past them, are asked ahead; others one by one. */
async function* furtherPages(
  first: ChatsAnswer,
  askPage: (page: number) => Promise<ChatsAnswer>,
): AsyncGenerator<{ page: number; answer: ChatsAnswer }> {
  if (first.rows.length === 0) return;
  const pagesExpected = Math.ceil(first.numFound / first.rows.length);
  const lastPage = 2 * pagesExpected + 2;
  const asked: Promise<ChatsAnswer>[] = [];
  for (let page = 2; page <= lastPage; page += 1) {
    const aheadTo = Math.max(page, Math.min(page + PAGES_AHEAD - 1, pagesExpected + 1));
    while (page + asked.length <= aheadTo) asked.push(askPage(page + asked.length));
    const answer = await asked.shift();
    if (answer) yield { page, answer };
  }
}
