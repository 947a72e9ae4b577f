import { pick, share } from '../draw.ts';
import { AGENTS } from '../roster.ts';
import type { Stream, World } from '../world.ts';
import { chatState } from './chat-facts.ts';
import { type AddedRow, addedRows } from './drawn-day.ts';
import { facetsOfRow } from './facets.ts';
import { firstSlot, type Listing, merged, without } from './listing.ts';
import type { Change } from './movements.ts';
import { answered, columnsOf, missed } from './restated.ts';

/** Beyond those who are late, and beyond any day's own. */
const FIRST_COMER = 1_000_000;
/** Missed chats are few, and mostly it is one of them that changes: so many rows are looked at for one. */
const SOUGHT = 64;

/** A day as it stands after changes; what it was before is never touched. */
export interface ChangedDay {
  readonly make: (change: Change) => void;
  readonly changes: () => number;
  readonly listing: () => Listing;
}

/** @param chats of the day when nothing had changed yet: those who come are numbered beyond them. */
export function openChangedDay(world: World, stream: Stream, base: Listing, chats: number): ChangedDay {
  const gone: number[] = [];
  const added: AddedRow[] = [];
  const restated = new Map<number, { readonly row: unknown; readonly isMissed: boolean }>();
  let late = 0;
  let changes = 0;
  const isMissedAt = (slot: number): boolean | null =>
    restated.get(slot)?.isMissed ?? base.facetsAt(slot).isMissed;

  /** The slot at a share of the day or the next that is still there and for which it holds. */
  const seek = (at: Change['at'], most: number, holds: (slot: number) => boolean): number | null => {
    const from = Math.floor((at === 'late' ? 0 : at) * base.length);
    for (let step = 0; step < Math.min(most, base.length); step += 1) {
      const slot = (from + step) % base.length;
      if (!isAmong(gone, slot) && holds(slot)) return slot;
    }
    return null;
  };
  const restate = (slot: number): void => {
    const row = columnsOf(base.rowAt(slot));
    if (!row) return;
    const start = base.startAt(slot);
    const agent = pick(AGENTS, share(chatState(stream, slot), 73));
    const isMissed = isMissedAt(slot) === false;
    const changed = isMissed ? missed(world, row, start) : answered(world, row, start, agent);
    // The start stays as it was written, in odd forms too.
    restated.set(slot, { row: { ...changed, start_time: row.start_time }, isMissed });
  };

  const add = (at: Change['at']): void => {
    if (at === 'late') late += 1;
    const index = at === 'late' ? chats + late - 1 : FIRST_COMER + chats + added.length;
    added.push({ index, at });
  };
  const change = ({ what, at }: Change): void => {
    const missedOne = what === 'restated' ? seek(at, SOUGHT, (slot) => isMissedAt(slot) === true) : null;
    const slot = missedOne ?? seek(at, base.length, () => true);
    if (slot === null) return;
    if (what === 'restated') restate(slot);
    else gone.splice(placeOf(gone, slot), 0, slot);
  };

  return {
    make: (made) => {
      changes += 1;
      if (made.what === 'came') add(made.at);
      else change(made);
    },
    changes: () => changes,
    listing: () => {
      const version = base.version === null ? null : changes;
      const standing: Listing = {
        ...base,
        rowAt: (slot) => restated.get(slot)?.row ?? base.rowAt(slot),
        facetsAt: (slot) => {
          const other = restated.get(slot);
          const facets = base.facetsAt(slot);
          return other ? facetsOfRow(other.row, facets.isOutbound) : facets;
        },
      };
      return merged(without(standing, [...gone], version), addedRows(world, stream, added), version);
    },
  };
}

function placeOf(slots: readonly number[], slot: number): number {
  return firstSlot(slots.length, (place) => (slots[place] ?? 0) >= slot);
}

function isAmong(slots: readonly number[], slot: number): boolean {
  return slots[placeOf(slots, slot)] === slot;
}
