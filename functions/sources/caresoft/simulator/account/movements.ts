import { CHANNELS, type Channel } from '../../../../chats/channel.ts';
import { share, stir } from '../draw.ts';
import type { Quirks } from '../faults/quirks.ts';
import type { Nights } from './nights.ts';

/**
 * A change of a day: a row comes, goes or changes its status, or its end is removed or added.
 * `restated` changes a missed row if there is one. `answered` and `missed` are the new status of a row.
 */
export interface Change {
  /** The number of the first request that met it (`SeenRequest.number`); 0 if it was so from the start. */
  readonly before: number;
  readonly what: 'came' | 'went' | 'restated' | 'answered' | 'missed' | 'opened' | 'ended';
  /** The place in the day, as a share of its rows. `late`: in its last moments. */
  readonly at: number | 'late';
}

/** The changes of each channel and day, during reads and overnight. */
export interface Movements {
  /** Call it when a request for that channel and day begins. */
  readonly asked: (channel: Channel, dayNumber: number, page: number, request: number) => void;
  /** In the order in which they happened. */
  readonly of: (channel: Channel, dayNumber: number) => readonly Change[];
  /** The changes of a day until an instant, if no request comes until then. Changes during earlier reads count. */
  readonly by: (channel: Channel, dayNumber: number, instant: number) => readonly Change[];
}

interface MovingDay {
  readonly changes: Change[];
  requests: number;
  /** Whether a row arrives before the next request. */
  isDue: boolean;
  arrived: number;
  moved: number;
}

const MOVES = 81;
const AspectOf = { isMoving: 1, kind: 2, went: 3, came: 4, at: 5 } as const;

/** Some answers in a row see no change. */
const MOVING_SHARE = 0.5;
const RESTATED_SHARE = 0.45;
const CAME_SHARE = 0.8;

export function openMovements(seed: number, quirks: Readonly<Quirks>, nights: Nights): Movements {
  const days = new Map<string, MovingDay>();
  const keyOf = (channel: Channel, dayNumber: number): string => `${channel} ${dayNumber}`;
  return {
    asked: (channel, dayNumber, page, request) => {
      const key = keyOf(channel, dayNumber);
      const day = days.get(key) ?? { changes: [], requests: 0, isDue: false, arrived: 0, moved: 0 };
      days.set(key, day);
      day.requests += 1;
      const state = stir(stir(stir(seed, MOVES), CHANNELS.indexOf(channel) + 3 * dayNumber), day.requests);
      const changes = [
        ...arriving(day, page, quirks),
        ...(quirks.plain.has('swap') ? swapped(day, state) : []),
        ...moved(day, state, quirks),
      ];
      day.changes.push(...changes.map((change) => ({ ...change, before: request })));
    },
    of: (channel, dayNumber) => inOrder(nights.of(channel, dayNumber), days.get(keyOf(channel, dayNumber))),
    by: (channel, dayNumber, instant) =>
      inOrder(nights.by(channel, dayNumber, instant), days.get(keyOf(channel, dayNumber))),
  };
}

/** A night ends before the first request of its morning. */
function inOrder(overnight: readonly Change[], day: MovingDay | undefined): readonly Change[] {
  const read = day?.changes ?? [];
  if (overnight.length === 0 || read.length === 0) return overnight.length === 0 ? read : overnight;
  return [...overnight, ...read].toSorted((one, other) => one.before - other.before);
}

type Move = Omit<Change, 'before'>;

/**
 * A row arrives after each request with a page beyond the first, and after every second other request, but not after
 * the very first. The next request sees it.
 */
function arriving(day: MovingDay, page: number, { arrivingRows }: Readonly<Quirks>): Move[] {
  const arrives = day.isDue && day.arrived < arrivingRows;
  day.isDue = page > 1 || day.requests > 1;
  if (!arrives) return [];
  day.arrived += 1;
  return [{ what: 'came', at: 'late' }];
}

/** Changes become rarer and rarer, so a client that asks again and again finds a day without changes. */
function swapped({ requests }: MovingDay, state: number): Move[] {
  if (requests < 2 || !Number.isInteger(Math.log2(requests))) return [];
  return [
    { what: 'went', at: share(state, AspectOf.went) },
    { what: 'came', at: share(state, AspectOf.came) },
  ];
}

function moved(day: MovingDay, state: number, { movingChanges }: Readonly<Quirks>): Move[] {
  const isFirst = day.requests === 2;
  const moves = day.requests >= 2 && (isFirst || share(state, AspectOf.isMoving) < MOVING_SHARE);
  if (!moves || day.moved >= movingChanges) return [];
  day.moved += 1;
  const kind = share(state, AspectOf.kind);
  const what = kind < RESTATED_SHARE ? 'restated' : kind < CAME_SHARE ? 'came' : 'went';
  return [{ what, at: share(state, AspectOf.at) }];
}
