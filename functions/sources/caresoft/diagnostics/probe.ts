import { addDays, type Day } from '../../../calendar/day.ts';
import type { Moment } from '../../../calendar/time-zone.ts';
import { countStrays } from '../../../capture/slices.ts';
import type { Channel } from '../../../chats/channel.ts';
import type { Chat } from '../../../chats/chat.ts';
import type { Filters } from '../../../storage/json-record.ts';
import {
  type ChatSource,
  type ChatsAnswer,
  daySpan,
  type FilteredStatus,
  LARGEST_PAGE,
  type PageNumber,
  RefusedError,
  type RowReading,
  type Slice,
  type Span,
  toWindow,
  type Window,
} from '../../source.ts';
import { parseChat } from '../parse-row.ts';
import type { RetryPolicy } from '../retry-policy.ts';

/** What of a channel is asked for; CHAT_TYPE has no say, for both kinds are looked at. */
export interface ProbedWindow {
  readonly channel: Channel;
  readonly window: Window;
  readonly chatType?: 'inbound' | 'outbound';
  readonly status?: FilteredStatus;
  /** Without the groups, services and agents of the settings. */
  readonly unfiltered?: boolean;
}

/** CareSoft, asked for windows. */
export interface Probe {
  /** The first page, as large as there is, unless another is named. */
  ask(asked: ProbedWindow, page?: PageNumber): Promise<ChatsAnswer>;
  /** How many chats CareSoft counts. */
  count(asked: ProbedWindow): Promise<number>;
  /** The same; null where CareSoft refuses the question, with a status of HTTP or in words. */
  countUnlessRefused(asked: ProbedWindow): Promise<number | null>;
  /** As it is asked for. */
  toSlice(asked: ProbedWindow): Slice;
}

/** The same sentence of refusal twice is meant, as it is for a report. */
const REFUSED_AFTER = 2;

export function openProbe(source: Pick<ChatSource, 'answer' | 'count'>, filters: Filters): Probe {
  const toSlice = ({ channel, window, chatType, status, unfiltered = false }: ProbedWindow): Slice => {
    const { groups, services, assignees } = unfiltered
      ? { groups: [], services: [], assignees: [] }
      : filters;
    return {
      ...{ channel, window, filters: { chatType: chatType ?? 'all', groups, services, assignees } },
      ...(status && { status }),
    };
  };
  return {
    toSlice,
    ask: (asked, page = { page: 1, size: LARGEST_PAGE }) => source.answer(toSlice(asked), page),
    count: (asked) => source.count(toSlice(asked)),
    countUnlessRefused: async (asked) => {
      try {
        return await source.count(toSlice(asked), { refusedAfter: REFUSED_AFTER });
      } catch (error) {
        if (error instanceof RefusedError && !error.isOfAccount) return null;
        throw error;
      }
    },
  };
}

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

/** Which account is looked at, and as what it is set up. */
export interface CheckSubject {
  /** `https://api.caresoft.vn/{domain}`. */
  readonly baseUrl: string;
  readonly channels: readonly Channel[];
  readonly filters: Filters;
  readonly reading: RowReading;
}

/**
 * What one look at the account showed, in a line for a person: no token, no personal data.
 * `note` is worth knowing and stops nothing; `fail` stands in the way of a report that is right.
 */
export interface Finding {
  /** The same for the same look, whatever it shows. */
  readonly id: string;
  readonly status: 'ok' | 'note' | 'fail';
  readonly says: string;
  /** What to do about it; where a setting mends it, its name. */
  readonly do?: string;
}

export function ok(id: string, says: string): Finding {
  return { id, status: 'ok', says };
}

export function note(id: string, says: string, todo?: string): Finding {
  return { id, status: 'note', says, ...(todo !== undefined && { do: todo }) };
}

export function fail(id: string, says: string, todo: string): Finding {
  return { id, status: 'fail', says, do: todo };
}

/** Nothing that fails. */
export function isGood(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== 'fail');
}

/** `countOf(1, 'chat')` is `1 chat`, of 0 and 2 `chats`. */
export function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A person waits for the answer, and nothing is lost by asking again: much shorter than a report's patience. */
export const CHECK_RETRY_POLICY: RetryPolicy = {
  attemptMs: 15_000,
  giveUpAfterMs: 5_000,
  firstDelayMs: 500,
  pauseMs: 1_000,
  longestWaitMs: 10_000,
};
