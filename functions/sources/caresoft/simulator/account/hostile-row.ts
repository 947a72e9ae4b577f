import { CHANNELS } from '../../../../chats/channel.ts';
import { share } from '../draw.ts';
import type { Stream } from '../world.ts';
import { DISTORTIONS, UNREADABLE } from './distortions.ts';
import type { SourceRow } from './wire-row.ts';

const NO_ROWS: readonly unknown[] = [null, 17, 'LBL_CHAT_STATUS_MEET', [['conversation_id', 'x']]];
const NO_ROW_PLACE = 61;

const TURNS = 2 * DISTORTIONS.length;
/** With more unreadable rows than this, and more than one in ten, a day is not understood. */
const FEW = 4;

/** Every second row has one fault, in turn. One row of each channel and day is no object. */
export function distort(row: SourceRow, stream: Stream, index: number, length: number): unknown {
  if (length > 2 && index === Math.floor(share(stream.state, NO_ROW_PLACE) * length)) {
    return NO_ROWS[(stream.dayNumber + CHANNELS.indexOf(stream.channel)) % NO_ROWS.length];
  }
  const turn = (index + stream.state) % TURNS;
  const kind = turn % 2 === 0 ? DISTORTIONS[turn / 2] : undefined;
  if (kind === undefined) return row;
  // One of them is the row that is no object.
  const isTooMany =
    UNREADABLE.includes(kind) &&
    1 + unreadableBefore(index, stream) >= Math.max(FEW, Math.floor(length / 10));
  return isTooMany ? row : kind(row, index);
}

/** The number of earlier rows that are unreadable in their turn. */
function unreadableBefore(index: number, { state }: Stream): number {
  return UNREADABLE.reduce((sum, kind) => {
    const first = (((2 * DISTORTIONS.indexOf(kind) - state) % TURNS) + TURNS) % TURNS;
    return sum + Math.max(0, Math.ceil((index - first) / TURNS));
  }, 0);
}
