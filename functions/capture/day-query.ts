import type { Channel } from '../chat/channel.ts';
import type { RowReading } from '../chat/parse-chat.ts';
import { addDays, type Day, startOfDay } from '../time/report-day.ts';
import type { ChatsQuery } from './chats-query.ts';
import type { Filters } from './filters.ts';

/**
 * The query for the chats of one day and channel that started in [00:00:00, next 00:00:00) of the account's zone.
 *
 * CareSoft does not say whether its bounds are inclusive, so a second more is asked for at either side, and the
 * rows' own start decides. The bounds are written with a `Z` in either case, as CareSoft wants them, whatever
 * clock they are in.
 */
export function dayQuery(
  day: Day,
  channel: Channel,
  filters: Filters,
  { zone, clock }: RowReading,
): ChatsQuery {
  const bound = (wallSeconds: number): number =>
    clock === 'utc' ? zone.fromWall(wallSeconds).epochSeconds : wallSeconds;
  const { chatType, groups, services, assignees } = filters;
  return {
    channel,
    ...(chatType !== 'all' && { chatType }),
    groups,
    services,
    assignees,
    startedSince: writeBound(bound(startOfDay(day)) - 1),
    startedTo: writeBound(bound(startOfDay(addDays(day, 1)))),
  };
}

function writeBound(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}
