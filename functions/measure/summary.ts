import type { Completeness } from '../capture/completeness.ts';
import type { Filters } from '../capture/filters.ts';
import type { Channel } from '../chat/channel.ts';
import { isRecord } from '../chat/exact-json.ts';
import type { Day } from '../time/report-day.ts';

/** Values are whole seconds; percentiles are nearest-rank. With no value, `sum` is 0 and the rest is null. */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

/** The figures of a set of chats. `docs/figures.md` defines each. Rates are shares from 0 to 1, null when of nothing. */
export interface Figures {
  readonly chats: number;
  readonly customers: number;
  readonly answered: number;
  readonly missed: number;
  readonly other: number;
  readonly missedRate: number | null;
  readonly serviceLevel: {
    readonly thresholdSeconds: number;
    readonly within: number;
    readonly rate: number | null;
  };
  readonly waitSeconds: Distribution;
  readonly abandonWaitSeconds: Distribution;
  readonly handleSeconds: Distribution;
  readonly durationSeconds: Distribution;
}

/** The figures of one agent, group, service or page; `key` null gathers the chats that have none. */
export type KeyedFigures = { readonly key: string | null; readonly name?: string } & Figures;

/** A customer who wrote, was missed, and whom nobody has answered since. Times are the zone's, ISO 8601 with offset. */
export interface Callback {
  readonly customer: {
    /** `id:…`, `phone:<hash>`, `email:<hash>` or `chat:<conversation_id>`: the same person has the same key. */
    readonly key: string;
    readonly name: string | null;
    readonly phone: string | null;
    readonly email: string | null;
  };
  readonly channels: readonly Channel[];
  /** Missed chats of the day. */
  readonly attempts: number;
  readonly firstMissedAt: string;
  readonly lastMissedAt: string;
  /** Of the last missed chat. */
  readonly ticketNo: string | null;
  readonly conversationId: string;
}

/** Of the chats of a channel, or of a whole day. */
export interface StatusCounts {
  readonly chats: number;
  readonly answered: number;
  readonly missed: number;
  readonly other: number;
}

/** A channel turned out to be otherwise than it had been read before. */
export interface Revision {
  /** When it had been read again, ISO 8601 in UTC. */
  readonly at: string;
  readonly channel: Channel;
  readonly was: StatusCounts;
  readonly is: StatusCounts;
}

/** A day that is asked for again later is provisional until the last time. */
export interface Looks {
  readonly state: 'provisional' | 'final';
  /** The day whose run asks for it the last time. */
  readonly last: Day;
}

/** Raised when a figure changes its meaning, so that a summary tells by which definitions it was counted. */
export const DEFINITIONS = 1;

/** The day's report as a value: `summary.json`, and what every other form is rendered from. Nothing is rounded. */
export interface Summary {
  readonly schema: 'chat-report/1';
  readonly day: Day;
  readonly timeZone: string;
  /** When the last capture ended, ISO 8601 in UTC. */
  readonly generatedAt: string;
  /** When its last capture had ended as the day was reported first; left out where that is `generatedAt`. */
  readonly firstGeneratedAt?: string;
  readonly definitions: number;
  /** The capture of the names of agents and services; null where none was made. */
  readonly directoryId: string | null;
  readonly contacts: 'masked' | 'full';
  readonly filters: Filters;
  readonly completeness: Completeness;
  /** Left out where days are asked for once. */
  readonly looks?: Looks;
  /** Oldest first; only where counts differ. Missing in summaries from before they were told. */
  readonly revisions?: readonly Revision[];
  readonly totals: Figures;
  readonly byChannel: Readonly<Partial<Record<Channel, Figures>>>;
  readonly byHour: readonly ({ readonly hour: number } & Figures)[];
  readonly byAgent: readonly KeyedFigures[];
  readonly byGroup: readonly KeyedFigures[];
  readonly byService: readonly KeyedFigures[];
  readonly byLandingPage: readonly KeyedFigures[];
  readonly callbacks: readonly Callback[];
}

/** What is said of a day that could not be proven: no figure at all. */
export interface Unproven {
  readonly day: Day;
  readonly completeness: Completeness;
}

/** Whether a value is a summary of this program. What it holds is then trusted: nobody else writes it. */
export function isSummary(value: unknown): value is Summary {
  return isRecord(value) && value.schema === 'chat-report/1';
}
