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
import { DIALECT } from '../dialect.ts';
import { parseChat } from '../parse-row.ts';
import type { RetryPolicy } from '../retry-policy.ts';

/** A request for the chats of a channel. It ignores CHAT_TYPE, because the checks need both kinds of chats. */
export interface ProbeRequest {
  readonly channel: Channel;
  readonly window: Window;
  readonly chatType?: 'inbound' | 'outbound';
  readonly status?: FilteredStatus;
  /** Without the filters by groups, services and agents. */
  readonly unfiltered?: boolean;
}

/** Sends requests for time windows to CareSoft. */
export interface Probe {
  /** Asks for one page. The default is the first page, of the largest size. */
  ask(request: ProbeRequest, page?: PageNumber): Promise<ChatsAnswer>;
  /** Asks for the number of chats. */
  count(request: ProbeRequest): Promise<number>;
  /** Asks for the number of chats. Null if CareSoft refuses the request, by HTTP status or by a message. */
  countUnlessRefused(request: ProbeRequest): Promise<number | null>;
  /** The slice that a request asks for. */
  toSlice(request: ProbeRequest): Slice;
}

/** A refusal counts if the same message comes twice, as for a report. */
const REFUSED_AFTER = 2;

export function openProbe(source: Pick<ChatSource, 'answer' | 'count'>, filters: Filters): Probe {
  const toSlice = ({ channel, window, chatType, status, unfiltered = false }: ProbeRequest): Slice => {
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
    ask: (request, page = { page: 1, size: LARGEST_PAGE }) => source.answer(toSlice(request), page),
    count: (request) => source.count(toSlice(request)),
    countUnlessRefused: async (request) => {
      try {
        return await source.count(toSlice(request), { refusedAfter: REFUSED_AFTER });
      } catch (error) {
        if (error instanceof RefusedError && !error.isOfAccount) return null;
        throw error;
      }
    },
  };
}

/** A chat with its start as its row writes it. */
export interface SampledChat {
  readonly chat: Chat;
  readonly wireSeconds: number;
}

/** The first page of a channel's chats. */
export interface Sample {
  readonly request: ProbeRequest;
  readonly day: Day;
  /** The requested time without margins. */
  readonly span: Span;
  readonly numFound: number;
  readonly rows: readonly unknown[];
  /** The readable rows as chats, in the order of the answer. */
  readonly chats: readonly SampledChat[];
  /** The number of rows so far outside that CareSoft did not apply the window. */
  readonly strays: number;
  /** CareSoft only knows dates: rows of other days came with margins, and none without. */
  readonly isOfDates: boolean;
}

/** Reads the first page of the chats of some days. */
export async function takeSample(
  probe: Pick<Probe, 'ask'>,
  { channel, day, first, days }: { channel: Channel; day: Day; first: Day; days: number },
  reading: RowReading,
): Promise<Sample> {
  const span = spanOfDays(first, days, reading);
  const take = async (request: ProbeRequest, isOfDates: boolean): Promise<Sample> => {
    const { numFound, rows } = await probe.ask(request);
    const strays = countStrays(rows, span, DIALECT);
    const chats = sampleChats(rows, channel, reading);
    return { request, day, span, numFound, rows, chats, strays, isOfDates: isOfDates && strays === 0 };
  };
  const sample = await take({ channel, window: toWindow(span) }, false);
  return sample.strays === 0 ? sample : await take({ channel, window: toWindow(span, 0) }, true);
}

/** A narrow span holds about this many chats, if they fit into one page. */
const MAX_CHATS = 40;
const TARGET_FILL = 0.8;
/** Bounds lie at whole minutes. They stay the same if a server drops seconds. */
const MINUTE_SECONDS = 60;

/** A span of whole minutes around the middle chats of a sample. One answer should hold its chats. */
export function spanInMiddle({ chats, rows, numFound, span }: Sample): Span {
  const starts = chats.map(({ wireSeconds }) => wireSeconds).toSorted((one, other) => one - other);
  const held = rows.length < numFound ? Math.max(1, Math.floor(TARGET_FILL * rows.length)) : MAX_CHATS;
  const reach = Math.min(MAX_CHATS, held, starts.length) / 2;
  const [first, last] = [
    starts[Math.floor(starts.length / 2 - reach)],
    starts[Math.ceil(starts.length / 2 + reach) - 1],
  ];
  if (first === undefined || last === undefined) return span;
  return {
    from: Math.floor(first / MINUTE_SECONDS) * MINUTE_SECONDS,
    until: (Math.floor(last / MINUTE_SECONDS) + 1) * MINUTE_SECONDS,
  };
}

/** Whether one answer holds all counted rows, and is not full. */
export function isWhole({ numFound, rows }: Pick<Sample, 'numFound' | 'rows'>): boolean {
  return rows.length === numFound && rows.length < LARGEST_PAGE;
}

export function sampleChats(rows: readonly unknown[], channel: Channel, reading: RowReading): SampledChat[] {
  return rows.flatMap((row) => {
    const chat = parseChat(row, channel, reading);
    return typeof chat === 'string'
      ? []
      : [{ chat, wireSeconds: wireSecondsOf(chat.startedAt, reading.clock) }];
  });
}

function spanOfDays(first: Day, days: number, reading: RowReading): Span {
  const { from } = daySpan(first, reading);
  const { until } = daySpan(addDays(first, days - 1), reading);
  return { from, until };
}

/** A moment as a row writes it. */
function wireSecondsOf({ wallSeconds, epochSeconds }: Moment, clock: RowReading['clock']): number {
  return clock === 'utc' ? epochSeconds : wallSeconds;
}

/** The account to check, with the settings to check. */
export interface AccountUnderTest {
  /** `https://api.caresoft.vn/{domain}`. */
  readonly baseUrl: string;
  readonly channels: readonly Channel[];
  readonly filters: Filters;
  readonly reading: RowReading;
}

/**
 * The result of one check, in one line for a person. It holds no token and no personal data.
 * `note` is worth knowing and stops nothing. `fail` means that a report would fail or be wrong.
 */
export interface Finding {
  /** The id of the check. It does not depend on the result. */
  readonly id: string;
  readonly status: 'ok' | 'note' | 'fail';
  readonly says: string;
  /** What to do about it. It names the setting to change, if there is one. */
  readonly do?: string;
  /** A setting with the value that fits the account better. Left out: none is known. */
  readonly proposes?: { readonly setting: string; readonly value: string };
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

/** Whether no check failed. */
export function hasNoFailure(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== 'fail');
}

/** `formatCount(1, 'chat')` is `1 chat`, `formatCount(2, 'chat')` is `2 chats`. */
export function formatCount(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A person waits for the answer, and can repeat the check. So it gives up much earlier than a report. */
export const CHECK_RETRY_POLICY: RetryPolicy = {
  attemptMs: 15_000,
  giveUpAfterMs: 5_000,
  firstDelayMs: 500,
  pauseMs: 1_000,
  longestWaitMs: 10_000,
};
