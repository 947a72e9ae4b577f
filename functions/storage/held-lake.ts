import type { Clock } from '../time/clock.ts';
import { toSequence } from './changes.ts';
import type { Lake } from './lake.ts';

/** The lake in the hands of a lease's holder. What is derived is written through it alone, so that all changes stand in one order. */
export interface HeldLake extends Lake {
  /** The place of the next change: after those of all earlier holders, and before those of all later ones. */
  nextSequence(): string;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The lake for as long as its lease is held: whoever lost it must change nothing more. */
export function heldLake(lake: Lake, signal: AbortSignal): Lake {
  return {
    get: (key) => lake.get(key),
    list: (prefix) => lake.list(prefix),
    async put(...object) {
      signal.throwIfAborted();
      await lake.put(...object);
    },
    async putIfAbsent(key, body) {
      signal.throwIfAborted();
      return await lake.putIfAbsent(key, body);
    },
    async delete(key) {
      signal.throwIfAborted();
      await lake.delete(key);
    },
  };
}

/** The same, by the number of the lease. */
export function underLease(
  lake: Lake,
  signal: AbortSignal,
  number: number,
  clock: Pick<Clock, 'now'>,
): HeldLake {
  let changes = 0;
  return {
    ...heldLake(lake, signal),
    now: () => clock.now(),
    nextSequence() {
      changes += 1;
      return toSequence(number, changes);
    },
  };
}
