import type { Channel } from '../chat/channel.ts';
import type { ChatStatus } from '../chat/chat.ts';
import type { Filters } from '../storage/fields.ts';
import { addDays, type Day, startOfDay } from '../time/report-day.ts';
import type { Zone } from '../time/zone.ts';

/** What is asked for, in seconds of the clock that the account's rows are in; both ends included. */
export interface Window {
  readonly since: number;
  readonly to: number;
}

/** The chats of a channel that began in a window. */
export interface Slice {
  readonly channel: Channel;
  readonly window: Window;
  readonly filters: Filters;
  /** Only those of this status, as CareSoft understands it. */
  readonly status?: FilteredStatus;
}

/** What the account can be asked for by status. */
export type FilteredStatus = 'missed' | 'answered';

/** Seconds from the first to before the last, by the clock that the account's rows are in. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The seconds of one day, [00:00:00, next 00:00:00) of the account's zone. */
export function daySpan(day: Day, { zone, clock }: RowReading): Span {
  const onClock = (wallSeconds: number): number =>
    clock === 'utc' ? zone.fromWall(wallSeconds).epochSeconds : wallSeconds;
  return { from: onClock(startOfDay(day)), until: onClock(startOfDay(addDays(day, 1))) };
}

/** One second more at either side: CareSoft does not say whether its bounds are inclusive, so the rows' own start decides. */
export const MARGIN = 1;

/** @param margin seconds more at either side */
export function toWindow({ from, until }: Span, margin: number = MARGIN): Window {
  return { since: from - margin, to: until - 1 + margin };
}

/** What is asked for of one day and channel. */
export function daySlice(day: Day, channel: Channel, filters: Filters, reading: RowReading): Slice {
  return { channel, filters, window: toWindow(daySpan(day, reading)) };
}

/** How the rows of one account are to be read. */
export interface RowReading {
  readonly zone: Zone;
  /** Whether the rows' times are the account's wall clock or UTC. */
  readonly clock: 'local' | 'utc';
  /** What else is known of the status of a row whose own word is not known; left out where nothing is. */
  readonly statusOf?: (row: unknown) => ChatStatus;
}
