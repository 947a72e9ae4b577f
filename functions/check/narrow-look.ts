import type { Window } from '../capture/slice.ts';
import { chatKeyOf } from '../chat/row-key.ts';
import type { Probe } from './probe.ts';
import { type Sample, type SeenChat, seeChats } from './sample.ts';
import type { CheckSubject } from './subject.ts';

/** Chats of the sample that the window is drawn around, and pages after which it is left unread. */
const MOST_CHATS = 40;
const MOST_PAGES = 5;
const ROWS_A_PAGE = 100;

/** A narrow window in the middle of a sample, read from its first page to past its end. */
export interface NarrowLook {
  readonly window: Window;
  /** As counted by each page. */
  readonly numFounds: readonly number[];
  readonly rows: number;
  readonly chats: readonly SeenChat[];
  /** A page was empty, or showed nothing new: there is no more. */
  readonly isWhole: boolean;
}

export async function lookNarrowly(
  probe: Probe,
  { asked, chats: known }: Sample,
  { reading }: CheckSubject,
): Promise<NarrowLook> {
  const window = windowInMiddle(known) ?? asked.window;
  const numFounds: number[] = [];
  const chats: SeenChat[] = [];
  const keys = new Set<string>();
  let rows = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await probe.ask({ ...asked, window }, { page, size: ROWS_A_PAGE });
    numFounds.push(answer.numFound);
    const fresh = answer.rows.map(chatKeyOf).filter((key) => !keys.has(key));
    if (fresh.length === 0) return { window, numFounds, rows, chats, isWhole: true };
    rows += answer.rows.length;
    chats.push(...seeChats(answer.rows, asked.channel, reading));
    for (const key of fresh) keys.add(key);
  }
  return { window, numFounds, rows, chats, isWhole: false };
}

function windowInMiddle(known: readonly SeenChat[]): Window | null {
  const starts = known.map(({ wireSeconds }) => wireSeconds).toSorted((one, other) => one - other);
  const reach = Math.min(MOST_CHATS, starts.length) / 2;
  const middle = starts.length / 2;
  const first = starts[Math.floor(middle - reach)];
  const last = starts[Math.ceil(middle + reach) - 1];
  if (first === undefined || last === undefined) return null;
  return { since: first - 1, to: last + 1 };
}
