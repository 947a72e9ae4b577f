import type { Completeness } from '../capture/completeness.ts';
import type { Filters } from '../capture/filters.ts';
import type { Channel } from '../chat/channel.ts';
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

/** Those of several channels, added up from each: how many different customers there are, they do not tell. */
export type AddedFigures = Omit<Figures, 'customers'>;

/** The figures of all chats. */
interface Totals extends Figures {
  /** The proven channels, which they are of, in the order of the channels. */
  readonly channels: readonly Channel[];
}

/** The figures of one agent, group, service or page; `key` null gathers the chats that have none. */
export type KeyedFigures = { readonly key: string | null; readonly name?: string } & Figures;

/** Who wrote, as a report names them. */
export interface Customer {
  /** `id:…`, `phone:<hash>`, `email:<hash>` or `chat:<conversation_id>`: the same person has the same key. */
  readonly key: string;
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
}

/** A customer who wrote, was missed, and whom nobody has answered since. Times are the zone's, ISO 8601 with offset. */
export interface Callback {
  readonly customer: Customer;
  readonly channels: readonly Channel[];
  /** Missed chats of the day. */
  readonly attempts: number;
  readonly firstMissedAt: string;
  readonly lastMissedAt: string;
  /** Until when they can be answered where they wrote, at least; null where that does not end. */
  readonly replyBy: string | null;
  // Of the last missed chat:
  readonly lastChannel: Channel;
  /** How long they waited before they left; null where it is not known. */
  readonly waitedSeconds: number | null;
  readonly cause: MissCause;
  readonly ticketNo: string | null;
  readonly conversationId: string;
}

/** How many hours after a customer wrote they can still be answered there; a channel that is not named has no end. */
export type ReplyHours = Readonly<Partial<Record<Channel, number>>>;

/** Why a chat was probably missed; `docs/figures.md` says what speaks for each. */
export const MISS_CAUSES = ['outOfHours', 'agentsBusy', 'leftEarly', 'unknown'] as const;
export type MissCause = (typeof MISS_CAUSES)[number];

/** What became of those whom the report of the day before named to be called back. The parts add up to `customers`. */
export interface FollowUp {
  readonly day: Day;
  /** Of that report. */
  readonly generatedAt: string;
  readonly customers: number;
  /** Had an answered chat on this day. */
  readonly answered: number;
  /** Wrote on this day, and were only missed again. */
  readonly missedAgain: number;
  /** Had no answered or missed chat on this day. */
  readonly silent: number;
  /** Had left nothing by which they could be known again. */
  readonly unrecognizable: number;
}

/** The chats that began within the hours of business, and the others. */
interface BusinessHoursFigures {
  /** The setting. */
  readonly hours: string;
  readonly inside: Figures;
  readonly outside: Figures;
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

/** Others were to be called back of the day, over all its channels, once a channel had been read again. */
export interface CallbackChange {
  /** When it had been, ISO 8601 in UTC. */
  readonly at: string;
  /** Who was to be called from then on, and had not been before. */
  readonly added: readonly Customer[];
  /** Who no longer was. */
  readonly gone: readonly Customer[];
}

/** Days are asked for again after so many at most: a chat that was not recorded two months later will not be. */
export const LONGEST_LOOK_BACK = 60;

/** A day that is asked for again later is provisional until the last time. */
export interface Looks {
  readonly state: 'provisional' | 'final';
  /** The day whose run asks for it the last time. */
  readonly last: Day;
}

/** Raised when a figure changes its meaning, so that a summary tells by which definitions it was counted. */
export const DEFINITIONS = 3;

/** The day's report as a value: `summary.json`, and what every other form is rendered from. Nothing is rounded. */
export interface Summary {
  readonly schema: 'chat-report/1';
  readonly day: Day;
  /** The channels that it is of, where they were asked for alone; left out where it is the day's report. */
  readonly only?: readonly Channel[];
  readonly timeZone: string;
  /** When the last capture ended, ISO 8601 in UTC. */
  readonly generatedAt: string;
  /** When its last capture had ended as the day was reported first; left out where that is `generatedAt`. */
  readonly firstGeneratedAt?: string;
  /** Up to when its own mail tells of other days, ISO 8601 in UTC; left out where none is known. */
  readonly toldAt?: string;
  /** When the run of a later day made its report whole, ISO 8601 in UTC: no mail of its own told of it then. */
  readonly madeUpAt?: string;
  readonly definitions: number;
  /** The capture of the names of agents and services; null where none was made. */
  readonly directoryId: string | null;
  readonly contacts: 'masked' | 'full';
  readonly filters: Filters;
  readonly replyHours: ReplyHours;
  readonly completeness: Completeness;
  /** Left out where days are asked for once. */
  readonly looks?: Looks;
  /** Oldest first; only where counts differ. Missing in summaries from before they were told. */
  readonly revisions?: readonly Revision[];
  /** Oldest first; left out where there is none. */
  readonly callbackChanges?: readonly CallbackChange[];
  readonly totals: Totals;
  /** Of each proven channel, at zero too. */
  readonly byChannel: Readonly<Partial<Record<Channel, Figures>>>;
  readonly byHour: readonly ({ readonly hour: number } & Figures)[];
  readonly byAgent: readonly KeyedFigures[];
  readonly byGroup: readonly KeyedFigures[];
  readonly byService: readonly KeyedFigures[];
  readonly byLandingPage: readonly KeyedFigures[];
  /** The hours of each channel that have a chat, in the order of the channels. */
  readonly byChannelHour: readonly ({ readonly channel: Channel; readonly hour: number } & Figures)[];
  /** When the last chat of each channel that has one began, as the times of callbacks; left out in summaries from before it was told. */
  readonly lastStartedAt?: Readonly<Partial<Record<Channel, string>>>;
  /** Null where no hours of business are set. */
  readonly businessHours: BusinessHoursFigures | null;
  /** They add up to `totals.missed`. */
  readonly missCauses: Readonly<Record<MissCause, number>>;
  /** Customers who were missed, and answered later on the day; null where nobody counted them. */
  readonly recovered: number | null;
  readonly callbacks: readonly Callback[];
  /** Null where the day before has no report. */
  readonly followUp: FollowUp | null;
}

/** What is said of a day that could not be proven: no figure at all. */
export interface Unproven {
  readonly day: Day;
  /** As in {@link Summary}. */
  readonly only?: readonly Channel[] | undefined;
  readonly completeness: Completeness;
  /** Later days that were to be read and were not asked, because they cannot be either; oldest first. */
  readonly unasked?: readonly Day[];
}
