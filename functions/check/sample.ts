import { countStrays } from '../capture/rows-of-a-span.ts';
import { daySpan, type RowReading, type Span, toWindow } from '../capture/slice.ts';
import { LARGEST_PAGE } from '../capture/source.ts';
import type { Channel } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { parseChat } from '../chat/parse-chat.ts';
import { addDays, type Day } from '../time/report-day.ts';
import type { Moment } from '../time/zone.ts';
import type { Probe, ProbedWindow } from './probe.ts';

/** A chat that came, with its start as its row writes it. */
export interface SeenChat {
  readonly chat: Chat;
  readonly wireSeconds: number;
}

/** The first page of a channel's chats. */
export interface Sample {
  readonly asked: ProbedWindow;
  readonly day: Day;
  /** What is meant by the window that is asked for, without its margins. */
  readonly span: Span;
  readonly numFound: number;
  readonly rows: readonly unknown[];
  /** The rows that can be read as chats, in the order in which they came. */
  readonly chats: readonly SeenChat[];
  /** Rows that began so far outside that the window was not heeded. */
  readonly strays: number;
  /** With margins rows of other days came, and without them none: times of day are not heeded. */
  readonly isOfDates: boolean;
}

/** Of so many days, the first of them `first`. */
export async function takeSample(
  probe: Pick<Probe, 'ask'>,
  { channel, day, first, days }: { channel: Channel; day: Day; first: Day; days: number },
  reading: RowReading,
): Promise<Sample> {
  const span = spanOfDays(first, days, reading);
  const take = async (asked: ProbedWindow, isOfDates: boolean): Promise<Sample> => {
    const { numFound, rows } = await probe.ask(asked);
    const strays = countStrays(rows, span);
    const chats = seeChats(rows, channel, reading);
    return { asked, day, span, numFound, rows, chats, strays, isOfDates: isOfDates && strays === 0 };
  };
  const sample = await take({ channel, window: toWindow(span) }, false);
  return sample.strays === 0 ? sample : await take({ channel, window: toWindow(span, 0) }, true);
}

/** Chats that a narrow span is drawn around, where pages allow it. */
const MOST_CHATS = 40;
const FILL = 0.8;
/** Bounds whose seconds a server drops stay what they are. */
const MINUTE = 60;

/** A narrow span of whole minutes around the chats in the middle of a sample: so few that one answer should hold them. */
export function spanInMiddle({ chats, rows, numFound, span }: Sample): Span {
  const starts = chats.map(({ wireSeconds }) => wireSeconds).toSorted((one, other) => one - other);
  const held = rows.length < numFound ? Math.max(1, Math.floor(FILL * rows.length)) : MOST_CHATS;
  const reach = Math.min(MOST_CHATS, held, starts.length) / 2;
  const [first, last] = [
    starts[Math.floor(starts.length / 2 - reach)],
    starts[Math.ceil(starts.length / 2 + reach) - 1],
  ];
  if (first === undefined || last === undefined) return span;
  return { from: Math.floor(first / MINUTE) * MINUTE, until: (Math.floor(last / MINUTE) + 1) * MINUTE };
}

/** One answer held all that is counted, and might have held more. */
export function isWhole({ numFound, rows }: Pick<Sample, 'numFound' | 'rows'>): boolean {
  return rows.length === numFound && rows.length < LARGEST_PAGE;
}

export function seeChats(rows: readonly unknown[], channel: Channel, reading: RowReading): SeenChat[] {
  return rows.flatMap((row) => {
    const chat = parseChat(row, channel, reading);
    return typeof chat === 'string' ? [] : [{ chat, wireSeconds: toWire(chat.startedAt, reading.clock) }];
  });
}

function spanOfDays(first: Day, days: number, reading: RowReading): Span {
  const { from } = daySpan(first, reading);
  const { until } = daySpan(addDays(first, days - 1), reading);
  return { from, until };
}

/** A moment as it stands in a row. */
function toWire({ wallSeconds, epochSeconds }: Moment, clock: RowReading['clock']): number {
  return clock === 'utc' ? epochSeconds : wallSeconds;
}
