import { dayOf } from '../../../calendar/day.ts';
import { countStrays, DROPPED_SECONDS } from '../../../capture/slices.ts';
import { daySpan, LARGEST_PAGE, type Span, toWindow } from '../../source.ts';
import { chatKeyOf } from '../fields.ts';
import { writeBound } from '../query.ts';
import type { Troubles } from './connection.ts';
import {
  type CheckSubject,
  countOf,
  type Finding,
  fail,
  isWhole,
  note,
  ok,
  type Probe,
  type Sample,
  type SeenChat,
  seeChats,
  spanInMiddle,
} from './probe.ts';

const ID = 'pages';
const CUT =
  'A day is read in parts of time that fit into one answer: it takes more requests; nothing is lost.';
const PAGED = 'As no times of day are heeded, a day that does not fit into one answer is read page by page.';

/** How many rows an answer holds when 500 are asked for, and whether rows stop at some number. A report copes with each. */
export async function checkPages(
  probe: Pick<Probe, 'ask'>,
  { asked, numFound, rows }: Sample,
  { isOfDates, troubles }: { readonly isOfDates: boolean; readonly troubles: Troubles },
): Promise<Finding> {
  const got = rows.length;
  const todo = isOfDates ? PAGED : CUT;
  const newOn = async (page: number): Promise<number> => {
    const { rows: found } = await probe.ask(asked, { page, size: LARGEST_PAGE });
    const known = new Set(page > 1 ? rows.map(chatKeyOf) : []);
    // A server may give its first page again in place of an empty one.
    return found.every((row) => known.has(chatKeyOf(row))) ? 0 : found.length;
  };
  if (got >= numFound) {
    return got >= LARGEST_PAGE
      ? note(ID, `A page holds the ${LARGEST_PAGE} rows that are asked for.`)
      : note(
          ID,
          `All of ${countOf(got, 'row')} came in one answer; whether it can hold ${LARGEST_PAGE} could not be seen.`,
        );
  }
  if (got >= LARGEST_PAGE) {
    const last = Math.ceil(numFound / LARGEST_PAGE);
    const holds = `A page holds the ${LARGEST_PAGE} rows that are asked for`;
    return await troubles.attempt(
      async () =>
        (await newOn(last)) > 0
          ? note(ID, `${holds}, and pages are given up to the last.`)
          : note(ID, `${holds}, and rows stop before page ${last}, though ${numFound} are counted. ${todo}`),
      ({ finding }) => note(ID, `${holds}, and page ${last} is not given: ${finding.says} ${todo}`),
    );
  }
  if ((await newOn(2)) === 0) {
    return note(
      ID,
      `No row beyond the ${got} of the first page is given, though ${numFound} are counted. ${todo}`,
    );
  }
  // A cap leaves a smaller page whole; a server that drops rows on the way shortens that one too.
  const half = Math.ceil(got / 2);
  const { rows: fewer } = await probe.ask(asked, { page: 1, size: half });
  return fewer.length < half
    ? note(
        ID,
        `Pages are shorter than asked: ${got} of ${LARGEST_PAGE} rows, ${fewer.length} of ${half}. ${todo}`,
      )
    : note(
        ID,
        `A page holds no more than ${countOf(got, 'row')}, though ${LARGEST_PAGE} are asked for. ${todo}`,
      );
}

/** In which order the chats came. */
export function checkOrder({ chats }: Pick<Sample, 'chats'>): Finding {
  const starts = chats.map(({ wireSeconds }) => wireSeconds);
  const steps = starts.slice(1).map((next, at) => next - (starts[at] ?? next));
  return note(
    'order',
    sayOrder(steps.filter((step) => step > 0).length, steps.filter((step) => step < 0).length),
  );
}

function sayOrder(rises: number, falls: number): string {
  if (rises + falls === 0) return 'In which order chats come could not be told: too few came.';
  const order =
    rises === 0 ? 'newest first' : falls === 0 ? 'oldest first' : 'neither newest nor oldest first';
  return `Chats come ${order}. No report hangs on it: whole parts of time are read.`;
}

const BOUNDS_ID = 'window';
const TELL =
  'do not trust reports of this account yet, and show this line to those who maintain the program, and to CareSoft';
const BOUNDS = 'bounds';

/** What came of a narrow window in the middle of a sample. */
export interface NarrowLook {
  readonly span: Span;
  readonly numFound: number;
  readonly rows: readonly unknown[];
  readonly chats: readonly SeenChat[];
  /** All chats of the date came, and none of another: times of day are not heeded. */
  readonly isOfDates: boolean;
}

export async function lookNarrowly(
  probe: Probe,
  sample: Sample,
  { reading }: CheckSubject,
): Promise<NarrowLook> {
  const { asked } = sample;
  const span = spanInMiddle(sample);
  const { numFound, rows } = await probe.ask({ ...asked, window: toWindow(span) });
  const chats = seeChats(rows, asked.channel, reading);
  const look = { span, numFound, rows, chats, isOfDates: false };
  const [first] = outsideOf(look);
  if (first === undefined || sample.strays > 0) return look;
  const date = daySpan(dayOf(first.chat.startedAt), reading);
  const ofDate = await probe.ask({ ...asked, window: toWindow(date, 0) });
  const isOfDates = countStrays(ofDate.rows, date) === 0 && ofDate.numFound === numFound;
  return { ...look, isOfDates };
}

/** Whether CareSoft gives the chats of the window that is asked for, and no others. */
export function judgeWindow(
  { day, chats: known, strays }: Pick<Sample, 'day' | 'chats' | 'strays'>,
  look: NarrowLook,
): Finding {
  const { from, until } = look.span;
  const asked = `${writeBound(from)} to ${writeBound(until)}`;
  if (strays > 0) {
    return fail(
      BOUNDS_ID,
      `Asked for ${day}, CareSoft gave ${countOf(strays, 'chat')} of other days, with a margin and without: no report would be made of it.`,
      TELL,
    );
  }
  const outside = outsideOf(look);
  if (look.isOfDates) {
    return note(
      BOUNDS_ID,
      `Asked for ${asked}, CareSoft gave all chats of that date: it heeds dates alone, and no times of day. A day of more than one page is read page by page, twice, and reported where both readings are the same.`,
    );
  }
  if (outside.length > 0) {
    const shifts = outside.map(({ wireSeconds }) => wireSeconds - (wireSeconds < from ? from : until));
    const hours = Math.max(...shifts.map((shift) => Math.abs(shift))) / 3_600;
    return fail(
      BOUNDS_ID,
      `Asked for ${asked}, CareSoft gave ${countOf(outside.length, 'chat')} that start up to ${hours.toFixed(1)} h outside: it reads bounds by another clock than it writes times with, or does not heed them.`,
      TELL,
    );
  }
  const came = new Set(look.chats.map(({ chat }) => chat.conversationId));
  const missing = known.filter(
    ({ chat, wireSeconds }) => wireSeconds >= from && wireSeconds < until && !came.has(chat.conversationId),
  );
  if (isWhole(look) && missing.length > 0) {
    return fail(
      BOUNDS_ID,
      `Asked for ${asked}, CareSoft left out ${countOf(missing.length, 'chat')} that it gave before.`,
      TELL,
    );
  }
  return ok(
    BOUNDS_ID,
    `Asked for ${asked}, CareSoft gave ${countOf(look.chats.length, 'chat')}, all of that time: times of day are heeded.`,
  );
}

function outsideOf({ span, chats }: Pick<NarrowLook, 'span' | 'chats'>): SeenChat[] {
  return chats.filter(
    ({ wireSeconds }) =>
      wireSeconds < span.from - DROPPED_SECONDS || wireSeconds > span.until + DROPPED_SECONDS,
  );
}

/** Whether a chat that starts in the very second of a bound comes. What is asked for has a margin, so either is well. */
export async function checkBounds(
  probe: Pick<Probe, 'ask'>,
  { asked, chats }: Pick<Sample, 'asked' | 'chats'>,
  { reading }: CheckSubject,
): Promise<Finding> {
  const middle = chats.slice(Math.floor(chats.length / 2));
  // At a full minute dropped seconds would not show.
  const known = [...middle, ...chats].find(({ wireSeconds }) => wireSeconds % 60 > 1) ?? middle[0];
  if (known === undefined)
    return note(BOUNDS, 'Whether bounds are included could not be told: no chat came.');
  const { chat, wireSeconds } = known;

  const atStart = await comesWithin(0, 1);
  const atEnd = await comesWithin(-1, 0);
  if (atStart && atEnd) {
    return note(BOUNDS, 'A chat that starts in the second of a bound comes: both bounds are included.');
  }
  if (atStart) return note(BOUNDS, 'The first bound is included, the last one is not. Both are handled.');
  if (atEnd) return note(BOUNDS, 'The last bound is included, the first one is not. Both are handled.');
  if (await comesWithin(-1, 1)) {
    return note(
      BOUNDS,
      'A chat that starts in the second of a bound does not come: bounds are excluded. That is handled.',
    );
  }
  return (await comesWithin(1, 60))
    ? note(
        BOUNDS,
        'The seconds of a bound are dropped: 10:15:59 is read as 10:15. Days are cut at full minutes, as far as they can be.',
      )
    : note(
        BOUNDS,
        'Whether bounds are included could not be told: a chat that came before did not come again.',
      );

  /** Seconds after its start. */
  async function comesWithin(since: number, to: number): Promise<boolean> {
    const window = { since: wireSeconds + since, to: wireSeconds + to };
    const { rows } = await probe.ask({ ...asked, window });
    return seeChats(rows, asked.channel, reading).some(
      ({ chat: { conversationId } }) => conversationId === chat.conversationId,
    );
  }
}
