import { share, stir } from '../draw.ts';
import type { Stream, World } from '../world.ts';
import { facetsOfRow } from './facets.ts';
import { type Listing, merged } from './listing.ts';
import { anotherAgent, answered, columnsOf, missed } from './restated.ts';

const SECONDS_A_DAY = 86_400;
const EVERY = 20;
const FIRST = 7;
const SOONEST_SECONDS = 60;
const LATEST_SECONDS = 660;

/**
 * One of twenty chats is handed on. It has a second row, with a later start on the same day and another status.
 * A missed chat is then met by another agent. A met chat is then given up in its second wait.
 */
export function withCopies(world: World, stream: Stream, base: Listing): Listing {
  return merged(base, copiesOf(world, stream, base), base.version);
}

function copiesOf(world: World, stream: Stream, base: Listing): Listing {
  const copies: { slot: number; start: number; state: number }[] = [];
  for (let slot = FIRST; slot < base.length; slot += EVERY) {
    const state = stir(stream.state, slot);
    const seconds = SOONEST_SECONDS + Math.floor(share(state, 72) * (LATEST_SECONDS - SOONEST_SECONDS));
    const before = base.startAt(slot);
    const start = world.later(before, seconds);
    // There is no room for it in the last minutes of a day, or if clocks go back.
    const isOfDay = Math.floor(world.fromWire(start) / SECONDS_A_DAY) === stream.dayNumber;
    if (isOfDay && start > before && columnsOf(base.rowAt(slot))) copies.push({ slot, start, state });
  }
  copies.sort((one, other) => one.start - other.start);

  const rowAt = (number: number): unknown => {
    const { slot, start, state } = copies[number] ?? { slot: 0, start: 0, state: 0 };
    const row = columnsOf(base.rowAt(slot));
    if (!row) return null;
    return base.facetsAt(slot).isMissed === false
      ? missed(world, row, start)
      : answered(world, row, start, anotherAgent(row, state));
  };
  return {
    length: copies.length,
    version: base.version,
    startAt: (number) => copies[number]?.start ?? 0,
    facetsAt: (number) => facetsOfRow(rowAt(number), base.facetsAt(copies[number]?.slot ?? 0).isOutbound),
    rowAt,
    isTimeless: () => false,
  };
}
