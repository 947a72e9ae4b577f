import type { Channel } from '../chat/channel.ts';
import type { RowReading } from '../chat/parse-chat.ts';
import { addDays, type Day, startOfDay } from '../time/report-day.ts';
import type { ChatsQuery } from './chats-query.ts';
import type { Filters } from './filters.ts';

/** What is asked for, in seconds of the clock that the account's rows are in; both ends included. */
export interface Window {
  readonly since: number;
  readonly to: number;
}

/**
 * The seconds of one day, [00:00:00, next 00:00:00) of the account's zone, and one more at either side: CareSoft does
 * not say whether its bounds are inclusive, so the rows' own start decides.
 */
export function dayWindow(day: Day, { zone, clock }: RowReading): Window {
  const onClock = (wallSeconds: number): number =>
    clock === 'utc' ? zone.fromWall(wallSeconds).epochSeconds : wallSeconds;
  return { since: onClock(startOfDay(day)) - 1, to: onClock(startOfDay(addDays(day, 1))) };
}

/**
 * The query for the chats of one day and channel. The bounds are written with a `Z` in either case, as CareSoft wants
 * them, whatever clock they are in.
 */
export function dayQuery(day: Day, channel: Channel, filters: Filters, reading: RowReading): ChatsQuery {
  const { since, to } = dayWindow(day, reading);
  const { chatType, groups, services, assignees } = filters;
  return {
    channel,
    ...(chatType !== 'all' && { chatType }),
    groups,
    services,
    assignees,
    startedSince: writeBound(since),
    startedTo: writeBound(to),
  };
}

function writeBound(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}
