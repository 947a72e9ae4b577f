import { pick, share } from '../draw.ts';
import { AGENTS } from '../roster.ts';
import type { Stream, World } from '../world.ts';
import { chatState } from './chat-facts.ts';
import { type AddedRow, addedRows } from './drawn-day.ts';
import { type Facets, facetsOfRow } from './facets.ts';
import { firstSlot, type Listing, merged, without } from './listing.ts';
import type { Change } from './movements.ts';
import { answered, columnsOf, ended, missed, opened } from './restated.ts';

/** Chat numbers beyond those of late chats and of any day. */
const FIRST_COMER = 1_000_000;
/** Most changes concern missed chats, which are few: this many rows are searched for one. */
const SOUGHT = 64;
/** Chats without an end are even fewer. */
const SOUGHT_OPEN = 1_024;

/** Makes the new content of a row. */
type Rewritten = 'answered' | 'missed' | 'opened' | 'ended';

/** A day after changes. The day before the changes stays the same. */
export interface ChangedDay {
  readonly make: (change: Change) => void;
  readonly changes: () => number;
  readonly listing: () => Listing;
}

/** @param chats the number of chats before all changes. New chats are numbered beyond them. */
export function openChangedDay(world: World, stream: Stream, base: Listing, chats: number): ChangedDay {
  const gone: number[] = [];
  const added: AddedRow[] = [];
  const restated = new Map<number, { readonly row: unknown; readonly isMissed: boolean | null }>();
  let late = 0;
  let changes = 0;
  const standingAt = (slot: number): unknown => restated.get(slot)?.row ?? base.rowAt(slot);
  const facetsAt = (slot: number): Facets => {
    const other = restated.get(slot);
    const facets = base.facetsAt(slot);
    return other ? facetsOfRow(other.row, facets.isOutbound) : facets;
  };
  const isMissedAt = (slot: number): boolean | null =>
    restated.has(slot) ? (restated.get(slot)?.isMissed ?? null) : base.facetsAt(slot).isMissed;
  const wasAnsweredLater = (slot: number): boolean =>
    isMissedAt(slot) === false && base.facetsAt(slot).isMissed === true;
  const isOpenAt = (slot: number): boolean => facetsAt(slot).endSeconds === null;

  /** The slot at a share of the day, or the next one that exists and matches. */
  const seek = (at: Change['at'], most: number, holds: (slot: number) => boolean): number | null => {
    const from = Math.floor((at === 'late' ? 0 : at) * base.length);
    for (let step = 0; step < Math.min(most, base.length); step += 1) {
      const slot = (from + step) % base.length;
      if (!isAmong(gone, slot) && holds(slot)) return slot;
    }
    return null;
  };
  const rewrite = (slot: number, what: Rewritten): void => {
    const isOfEnd = what === 'opened' || what === 'ended';
    const row = columnsOf(isOfEnd ? standingAt(slot) : base.rowAt(slot));
    if (!row) return;
    const start = base.startAt(slot);
    const agent = pick(AGENTS, share(chatState(stream, slot), 73));
    const wasMissed = isMissedAt(slot);
    const [changed, isMissed] =
      what === 'missed'
        ? [missed(world, row, start), true]
        : what === 'opened'
          ? [opened(row), wasMissed]
          : what === 'answered' || wasMissed === null
            ? [answered(world, row, start, agent), false]
            : [ended(world, row, start), wasMissed];
    // The start keeps its form, even an odd one.
    restated.set(slot, { row: { ...changed, start_time: row.start_time }, isMissed });
  };

  const add = (at: Change['at']): void => {
    if (at === 'late') late += 1;
    const index = at === 'late' ? chats + late - 1 : FIRST_COMER + chats + added.length;
    added.push({ index, at });
  };
  const seekFor = (what: Rewritten | 'restated' | 'went', at: Change['at']): number | null => {
    const of = (isMissed: boolean): number | null =>
      seek(at, SOUGHT, (slot) => isMissedAt(slot) === isMissed);
    const any = (): number | null => seek(at, base.length, () => true);
    switch (what) {
      case 'went':
        return any();
      case 'restated':
        return of(true) ?? any();
      case 'answered':
        return of(true);
      case 'missed':
        // If a chat became answered before, it becomes missed again.
        return seek(at, SOUGHT, wasAnsweredLater) ?? of(false);
      case 'opened':
        return seek(at, SOUGHT, (slot) => isMissedAt(slot) === false && !isOpenAt(slot));
      case 'ended':
        return seek(at, SOUGHT_OPEN, isOpenAt);
    }
  };
  const change = (what: Rewritten | 'restated' | 'went', at: Change['at']): void => {
    const slot = seekFor(what, at);
    if (slot === null) return;
    if (what === 'went') gone.splice(placeOf(gone, slot), 0, slot);
    else if (what === 'restated') rewrite(slot, isMissedAt(slot) === false ? 'missed' : 'answered');
    else rewrite(slot, what);
  };

  return {
    make: (made) => {
      changes += 1;
      if (made.what === 'came') add(made.at);
      else change(made.what, made.at);
    },
    changes: () => changes,
    listing: () => {
      const version = base.version === null ? null : changes;
      const standing: Listing = {
        ...base,
        rowAt: standingAt,
        facetsAt,
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
