import { writeBound } from '../capture/chats-query.ts';
import { countStrays, DROPPED_SECONDS } from '../capture/rows-of-a-span.ts';
import { daySpan, type Span, toWindow } from '../capture/slice.ts';
import { dayOf } from '../time/report-day.ts';
import { countOf, type Finding, fail, note, ok } from './finding.ts';
import type { Probe } from './probe.ts';
import { isWhole, type Sample, type SeenChat, seeChats, spanInMiddle } from './sample.ts';
import type { CheckSubject } from './subject.ts';

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
