import type { Channel } from '../../../../chats/channel.ts';
import type { NumberFault } from '../fault.ts';
import type { Quirks } from '../faults/quirks.ts';
import { dayOf } from '../wire-time.ts';
import { busiestChannel, type Stream, streamOf, type World } from '../world.ts';
import { openChangedDay } from './changed-day.ts';
import { drawnDay } from './drawn-day.ts';
import { openExactDays } from './exact-day.ts';
import { withCopies } from './handed-on.ts';
import type { Listing } from './listing.ts';
import type { Change, Movements } from './movements.ts';
import { withOddRows } from './odd-rows.ts';
import { withRepeats } from './repeated-rows.ts';
import { columnsOf } from './restated.ts';

/** The exact rows of a channel and day; undefined means drawn from the seed. */
export type ExactRows = (channel: Channel, day: string) => readonly unknown[] | undefined;

/**
 * Every chat of the account, by channel and day.
 *
 * @param as the state after a request of that number, or after these changes. The default is the present state.
 */
export type Archive = (channel: Channel, dayNumber: number, as?: number | readonly Change[]) => Listing;

export function openArchive(
  world: World,
  quirks: Readonly<Quirks>,
  movements: Movements,
  exactRows: ExactRows | undefined,
): Archive {
  const exactDays = openExactDays(world);
  const remember = openMemory();
  const drawn = (stream: Stream): { base: Listing; chats: number } => {
    const ofBusiest = (fault: NumberFault): number =>
      stream.channel === busiestChannel(world) ? (quirks.numbers.get(fault) ?? 0) : 0;
    const plain = drawnDay(world, stream, {
      isHostile: quirks.plain.has('hostile'),
      inOneSecond: ofBusiest('busy-second'),
      inLastSecond: ofBusiest('last-second-busy'),
    });
    const odd = withOddRows(plain, quirks);
    const copied = quirks.plain.has('copies') ? withCopies(world, stream, odd) : odd;
    return {
      base: quirks.plain.has('repeat-ids') ? withRepeats(copied, stream) : copied,
      chats: plain.length,
    };
  };
  const open = (stream: Stream, exact: readonly unknown[] | undefined) => {
    if (exact === undefined) {
      const { base, chats } = drawn(stream);
      return openChangedDay(world, stream, base, chats);
    }
    const base = exactDays(stream, exact);
    return openChangedDay(world, stream, base, base.length);
  };

  return (channel, dayNumber, as = Number.POSITIVE_INFINITY) => {
    const exact = exactRows?.(channel, dayOf(dayNumber));
    const changes =
      typeof as === 'number' ? movements.of(channel, dayNumber).filter(({ before }) => before <= as) : as;
    const make = () => open(streamOf(world, channel, dayNumber), exact);
    const isPlain = exact === undefined && typeof as === 'number';
    const day = isPlain ? remember(`${channel} ${dayNumber}`, changes.length, make) : make();
    for (const change of changes.slice(day.changes())) day.make(change);
    const listing = day.listing();
    return quirks.plain.has('renamed-status') && exact === undefined ? withOtherWord(listing) : listing;
  };
}

/** The account has a new word for a missed chat. Its filters know both words. */
function withOtherWord(base: Listing): Listing {
  return {
    ...base,
    rowAt: (slot) => {
      const row = base.rowAt(slot);
      const columns = columnsOf(row);
      return columns?.chat_status === 'LBL_CHAT_STATUS_MISS'
        ? { ...columns, chat_status: 'LBL_CHAT_STATUS_MISSED' }
        : row;
    },
  };
}

type Day = ReturnType<typeof openChangedDay>;

/** Caches the present state of days. A day at an earlier moment is made again. */
function openMemory(): (key: string, changes: number, make: () => Day) => Day {
  const MOST_DAYS = 64;
  const known = new Map<string, Day>();
  return (key, changes, make) => {
    const day = known.get(key);
    if (day && day.changes() <= changes) return day;
    const made = make();
    if (!day) known.set(key, made);
    const oldest = known.keys().next();
    if (known.size > MOST_DAYS && !oldest.done) known.delete(oldest.value);
    return made;
  };
}
