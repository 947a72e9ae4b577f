import { dayOf } from '../../../calendar/day.ts';
import { countStrays, DROPPED_SECONDS } from '../../../capture/slices.ts';
import { chatKeyOf } from '../../row-dialect.ts';
import { daySpan, LARGEST_PAGE, type Span, toWindow } from '../../source.ts';
import { DIALECT, writeBound } from '../dialect.ts';
import type { DiagnosticsErrors } from './connection.ts';
import {
  type AccountUnderTest,
  type Finding,
  fail,
  formatCount,
  isWhole,
  note,
  ok,
  type Probe,
  type Sample,
  type SampledChat,
  sampleChats,
  spanInMiddle,
} from './probe.ts';

const ID = 'pages';
const READ_IN_PARTS =
  'A day is read in parts that fit into one answer. That takes more requests, but nothing is lost.';
const READ_BY_PAGES =
  'CareSoft ignores times of day, so a day that does not fit into one answer is read page by page.';

/** How many of 500 requested rows an answer holds, and whether rows stop at a number. A report works with each case. */
export async function checkPages(
  probe: Pick<Probe, 'ask'>,
  { request, numFound, rows }: Sample,
  { isOfDates, errors }: { readonly isOfDates: boolean; readonly errors: DiagnosticsErrors },
): Promise<Finding> {
  const got = rows.length;
  const todo = isOfDates ? READ_BY_PAGES : READ_IN_PARTS;
  const newOn = async (page: number): Promise<number> => {
    const { rows: found } = await probe.ask(request, { page, size: LARGEST_PAGE });
    const known = new Set(page > 1 ? rows.map((row) => chatKeyOf(row, DIALECT)) : []);
    // A server may repeat its first page in place of an empty page.
    return found.every((row) => known.has(chatKeyOf(row, DIALECT))) ? 0 : found.length;
  };
  if (got >= numFound) {
    return got >= LARGEST_PAGE
      ? note(ID, `A page holds the ${LARGEST_PAGE} requested rows.`)
      : note(
          ID,
          `One answer held ${got === 1 ? 'the 1 row' : `all ${got} rows`}. Whether it can hold ${LARGEST_PAGE} could not be seen.`,
        );
  }
  if (got >= LARGEST_PAGE) {
    const last = Math.ceil(numFound / LARGEST_PAGE);
    const holds = `A page holds the ${LARGEST_PAGE} requested rows`;
    return await errors.attempt(
      async () =>
        (await newOn(last)) > 0
          ? note(ID, `${holds}, and CareSoft gives all pages up to the last.`)
          : note(ID, `${holds}, but rows stop before page ${last}: CareSoft counts ${numFound}. ${todo}`),
      ({ finding }) => note(ID, `${holds}, but CareSoft does not give page ${last}: ${finding.says} ${todo}`),
    );
  }
  if ((await newOn(2)) === 0) {
    return note(
      ID,
      `CareSoft counts ${numFound} rows and gives no more than the ${got} of the first page. ${todo}`,
    );
  }
  // A server with a limit fills a smaller page. A server that drops rows does not fill it either.
  const half = Math.ceil(got / 2);
  const { rows: fewer } = await probe.ask(request, { page: 1, size: half });
  return fewer.length < half
    ? note(
        ID,
        `Pages are shorter than requested: ${got} of ${LARGEST_PAGE} rows, ${fewer.length} of ${half}. ${todo}`,
      )
    : note(
        ID,
        `A page holds no more than ${formatCount(got, 'row')} of ${LARGEST_PAGE} requested ones. ${todo}`,
      );
}

/** The order of the chats in an answer. */
export function checkOrder({ chats }: Pick<Sample, 'chats'>): Finding {
  const starts = chats.map(({ wireSeconds }) => wireSeconds);
  const steps = starts.slice(1).map((next, at) => next - (starts[at] ?? next));
  return note(
    'order',
    describeOrder(steps.filter((step) => step > 0).length, steps.filter((step) => step < 0).length),
  );
}

function describeOrder(rises: number, falls: number): string {
  if (rises + falls === 0) return 'The order of chats could not be found out: too few came.';
  const order =
    rises === 0 ? 'newest first' : falls === 0 ? 'oldest first' : 'neither newest nor oldest first';
  return `Chats come ${order}. A report does not depend on the order.`;
}

const WINDOW_ID = 'window';
const DO_NOT_TRUST =
  'do not trust reports of this account yet; show this line to the maintainers of the program and to CareSoft';
const BOUNDS_ID = 'bounds';

/** The answer for a narrow window in the middle of a sample. */
export interface NarrowSample {
  readonly span: Span;
  readonly numFound: number;
  readonly rows: readonly unknown[];
  readonly chats: readonly SampledChat[];
  /** CareSoft only knows dates: it gave all chats of the date, and none of another date. */
  readonly isOfDates: boolean;
}

export async function takeNarrowSample(
  probe: Probe,
  sample: Sample,
  { reading }: AccountUnderTest,
): Promise<NarrowSample> {
  const { request } = sample;
  const span = spanInMiddle(sample);
  const { numFound, rows } = await probe.ask({ ...request, window: toWindow(span) });
  const chats = sampleChats(rows, request.channel, reading);
  const narrow = { span, numFound, rows, chats, isOfDates: false };
  const [first] = chatsOutside(narrow);
  if (first === undefined || sample.strays > 0) return narrow;
  const date = daySpan(dayOf(first.chat.startedAt), reading);
  const ofDate = await probe.ask({ ...request, window: toWindow(date, 0) });
  const isOfDates = countStrays(ofDate.rows, date, DIALECT) === 0 && ofDate.numFound === numFound;
  return { ...narrow, isOfDates };
}

/** Whether CareSoft gives the chats of the requested window, and no others. */
export function judgeWindow(
  { day, chats: known, strays }: Pick<Sample, 'day' | 'chats' | 'strays'>,
  narrow: NarrowSample,
): Finding {
  const { from, until } = narrow.span;
  const requested = `${writeBound(from)} to ${writeBound(until)}`;
  if (strays > 0) {
    return fail(
      WINDOW_ID,
      `Asked for ${day}, CareSoft gave ${formatCount(strays, 'chat')} of other days, with and without a margin: no report would be made of it.`,
      DO_NOT_TRUST,
    );
  }
  const outside = chatsOutside(narrow);
  if (narrow.isOfDates) {
    return note(
      WINDOW_ID,
      `Asked for ${requested}, CareSoft gave all chats of that date: it uses dates alone, and ignores times of day. A day of more than one page is read page by page, twice, and reported if both passes have the same rows.`,
    );
  }
  if (outside.length > 0) {
    const shifts = outside.map(({ wireSeconds }) => wireSeconds - (wireSeconds < from ? from : until));
    const hours = Math.max(...shifts.map((shift) => Math.abs(shift))) / 3_600;
    return fail(
      WINDOW_ID,
      `Asked for ${requested}, CareSoft gave ${formatCount(outside.length, 'chat')} that start up to ${hours.toFixed(1)} h outside: its bounds use another clock than its rows, or it ignores them.`,
      DO_NOT_TRUST,
    );
  }
  const came = new Set(narrow.chats.map(({ chat }) => chat.conversationId));
  const missing = known.filter(
    ({ chat, wireSeconds }) => wireSeconds >= from && wireSeconds < until && !came.has(chat.conversationId),
  );
  if (isWhole(narrow) && missing.length > 0) {
    return fail(
      WINDOW_ID,
      `Asked for ${requested}, CareSoft left out ${formatCount(missing.length, 'chat')} that it gave before.`,
      DO_NOT_TRUST,
    );
  }
  return ok(
    WINDOW_ID,
    `Asked for ${requested}, CareSoft gave ${formatCount(narrow.chats.length, 'chat')}, all of that time: CareSoft applies times of day.`,
  );
}

function chatsOutside({ span, chats }: Pick<NarrowSample, 'span' | 'chats'>): SampledChat[] {
  return chats.filter(
    ({ wireSeconds }) =>
      wireSeconds < span.from - DROPPED_SECONDS || wireSeconds > span.until + DROPPED_SECONDS,
  );
}

/** Whether a chat comes that starts in the second of a bound. Requests have a margin, so a report works either way. */
export async function checkBounds(
  probe: Pick<Probe, 'ask'>,
  { request, chats }: Pick<Sample, 'request' | 'chats'>,
  { reading }: AccountUnderTest,
): Promise<Finding> {
  const middle = chats.slice(Math.floor(chats.length / 2));
  // A start at a full minute would not show dropped seconds.
  const known = [...middle, ...chats].find(({ wireSeconds }) => wireSeconds % 60 > 1) ?? middle[0];
  if (known === undefined)
    return note(BOUNDS_ID, 'Whether bounds are included could not be found out: no chat came.');
  const { chat, wireSeconds } = known;

  const atStart = await comesWithin(0, 1);
  const atEnd = await comesWithin(-1, 0);
  if (atStart && atEnd) {
    return note(
      BOUNDS_ID,
      'CareSoft gives a chat that starts in the second of a bound: both bounds are included.',
    );
  }
  if (atStart)
    return note(BOUNDS_ID, 'The first bound is included, the last one is not. A report works with that.');
  if (atEnd)
    return note(BOUNDS_ID, 'The last bound is included, the first one is not. A report works with that.');
  if (await comesWithin(-1, 1)) {
    return note(
      BOUNDS_ID,
      'CareSoft does not give a chat that starts in the second of a bound: bounds are excluded. A report works with that.',
    );
  }
  return (await comesWithin(1, 60))
    ? note(
        BOUNDS_ID,
        'The seconds of a bound are dropped: 10:15:59 is read as 10:15. A report cuts days at full minutes if possible.',
      )
    : note(
        BOUNDS_ID,
        'Whether bounds are included could not be found out: a chat that came before did not come again.',
      );

  /** Whether the chat comes for a window around its start, in seconds. */
  async function comesWithin(since: number, to: number): Promise<boolean> {
    const window = { since: wireSeconds + since, to: wireSeconds + to };
    const { rows } = await probe.ask({ ...request, window });
    return sampleChats(rows, request.channel, reading).some(
      ({ chat: { conversationId } }) => conversationId === chat.conversationId,
    );
  }
}
