import type { Chat } from '../chat/chat.ts';
import { readWallTime } from '../time/wall-time.ts';
import { NotProvenError } from './explain-failure.ts';
import type { RowCounts } from './row-census.ts';
import type { RowReading } from './slice.ts';

/** An id is made when the chat begins, give or take. */
const STAMP_TOLERANCE_SECONDS = 300;
/** So many ids must say it, and so many times more than say otherwise. */
const LEAST_STAMPS = 5;
const CLEARLY_MORE = 10;
/** So many unreadable rows, and more than one in so many, are no slip of a few. */
const LEAST_UNREADABLE = 5;
const UNREADABLE_ONE_IN = 10;

/**
 * What rows say of themselves against what was asked for. Counts can agree to the last row and the day still be the
 * wrong one, when CareSoft reads the bounds by another clock than was meant.
 */
export class RowSuspicions {
  readonly #reading: RowReading;
  #stampsAgree = 0;
  #stampsContradict = 0;

  constructor(reading: RowReading) {
    this.#reading = reading;
  }

  add({ conversationId, startedAt }: Chat): void {
    const { wallSeconds, epochSeconds } = startedAt;
    // Ids such as 20230422094830-AIVGTIVI-503996 begin with the account's wall clock, whatever clock the rows are in.
    const stamp = readStamp(conversationId);
    if (stamp === null) return;
    const zoneOffset = wallSeconds - epochSeconds;
    // Rows in UTC that are read as local lie behind the wall clock by the offset; the other way round, before it.
    const mistaken = this.#reading.clock === 'utc' ? -zoneOffset : zoneOffset;
    const off = stamp - wallSeconds;
    if (Math.abs(off) <= STAMP_TOLERANCE_SECONDS) this.#stampsAgree += 1;
    else if (Math.abs(off - mistaken) <= STAMP_TOLERANCE_SECONDS) this.#stampsContradict += 1;
  }

  /** @returns why the rows cannot be what was asked for; null when nothing says so */
  find({ rejected, unique }: Pick<RowCounts, 'rejected' | 'unique'>): NotProvenError | null {
    const { clock } = this.#reading;
    if (this.#stampsContradict >= LEAST_STAMPS && this.#stampsContradict > CLEARLY_MORE * this.#stampsAgree) {
      const other = clock === 'utc' ? 'local' : 'utc';
      return new NotProvenError(
        'clock-contradicted',
        `the rows' ids say that CARESOFT_CLOCK is ${other}, not ${clock}`,
      );
    }
    if (rejected >= LEAST_UNREADABLE && rejected * UNREADABLE_ONE_IN > unique) {
      return new NotProvenError(
        'rows-not-understood',
        `${rejected} of ${unique} rows have no id or no readable start`,
      );
    }
    return null;
  }
}

function readStamp(conversationId: string): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\D/.exec(conversationId);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  return readWallTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`);
}
